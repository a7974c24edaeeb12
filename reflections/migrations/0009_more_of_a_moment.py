import accounts.vault.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0112_walls'),
        ('reflections', '0008_no_clear_words'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='moment',
            name='moment_kind_and_whom_are_known',
        ),
        migrations.AddField(
            model_name='moment',
            name='gave',
            field=accounts.vault.fields.SealedText(default=b'', max_length=500, verbose_name='what it gave you'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='moment',
            name='mentoring_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='moments_of_mentoring', to='mentoring.pairing', verbose_name='was this mentoring?'),
        ),
        migrations.AlterField(
            model_name='moment',
            name='kind',
            field=models.CharField(blank=True, choices=[('aha', 'Aha!'), ('win', 'A win'), ('hard_call', 'A hard call'), ('brave_try', 'A brave try'), ('quiet_help', 'Quiet help'), ('good_news', 'Good news'), ('learned', 'Learned'), ('thanks', 'Thanks')], max_length=12, verbose_name='what it was'),
        ),
        migrations.AddConstraint(
            model_name='moment',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('gave__is_sealed', True), ('text__is_sealed', True)), name='moment_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='moment',
            constraint=models.CheckConstraint(condition=models.Q(('for_whom__in', ['', 'colleague', 'client', 'myself', 'mentee', 'mentor']), ('kind__in', ['', 'aha', 'win', 'hard_call', 'brave_try', 'quiet_help', 'good_news', 'learned', 'thanks'])), name='moment_kind_and_whom_are_known'),
        ),
    ]
