import django.db.models.deletion
import django.utils.timezone
import reflections.models.keep_address
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0016_walls_where_they_were_used'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KeepAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(default=reflections.models.keep_address.new_nonce, editable=False, max_length=64)),
                ('token_hash', models.BinaryField(unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='keep_address', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'address to keep by mail',
                'verbose_name_plural': 'addresses to keep by mail',
            },
        ),
        migrations.CreateModel(
            name='KeptMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_hash', models.BinaryField()),
                ('came_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='came in')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_mails', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'e-mail kept',
                'verbose_name_plural': 'e-mails kept',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('person', 'message_hash'), name='kept_mail_makes_one_moment')],
            },
        ),
    ]
