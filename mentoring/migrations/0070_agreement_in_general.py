import accounts.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0069_concerns'),
    ]

    operations = [
        migrations.AddField(
            model_name='agreement',
            name='together',
            field=accounts.vault.fields.SealedText(default=b'', max_length=4000, verbose_name='how we work together'),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(
            model_name='agreement',
            name='agreement_is_sealed',
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('cadence__is_sealed', True), ('cancelling__is_sealed', True), ('confidentiality__is_sealed', True), ('ending__is_sealed', True), ('place__is_sealed', True), ('together__is_sealed', True)), name='agreement_is_sealed'),
        ),
    ]
