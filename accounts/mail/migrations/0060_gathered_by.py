import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0030_nudge_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='gathered_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gathered', to='mail.message'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('gathered_by__isnull', False)), fields=['gathered_by'], name='message_gathered'),
        ),
    ]
