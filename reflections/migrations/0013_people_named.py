import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0012_values'),
    ]

    operations = [
        migrations.CreateModel(
            name='Naming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='named')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='asked')),
                ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                ('declined_at', models.DateTimeField(blank=True, null=True, verbose_name='declined')),
            ],
            options={
                'verbose_name': 'person named',
                'verbose_name_plural': 'people named',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='naming',
            name='answer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='namings', to='reflections.answer'),
        ),
        migrations.AddField(
            model_name='naming',
            name='moment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='namings', to='reflections.moment'),
        ),
        migrations.AddField(
            model_name='naming',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='namings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', True), ('moment__isnull', False)), models.Q(('answer__isnull', False), ('moment__isnull', True)), _connector='OR'), name='naming_in_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.UniqueConstraint(fields=('person', 'moment'), name='naming_once_in_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.UniqueConstraint(fields=('person', 'answer'), name='naming_once_in_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_at__isnull', True), ('declined_at__isnull', True), _connector='OR'), name='naming_agreed_or_declined'),
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.CheckConstraint(condition=models.Q(('asked_at__isnull', False), models.Q(('agreed_at__isnull', True), ('declined_at__isnull', True)), _connector='OR'), name='naming_answered_when_asked'),
        ),
    ]
