from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0029_mentors_have_room'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='pairing',
            name='approval',
            field=models.CharField(choices=[('both', 'The mentor and the mentee both say yes'), ('mentor', 'The mentor says yes'), ('mentee', 'The mentee says yes'), ('admins', 'Nobody is asked: who runs the program has decided it')], default='both', max_length=10, verbose_name='who is asked'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('approval__in', ['both', 'mentor', 'mentee', 'admins'])), name='pairing_approval_is_known'),
        ),
    ]
