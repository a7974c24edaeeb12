import accounts.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0009_more_of_a_moment'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='answer',
            name='answer_once_per_question',
        ),
        migrations.AddField(
            model_name='answer',
            name='after',
            field=accounts.vault.fields.SealedText(default=b'', max_length=20000, verbose_name='and after'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='answer',
            name='piece',
            field=models.CharField(choices=[('first', 'the first'), ('second', 'the second'), ('third', 'the third')], default='first', max_length=6),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('after__is_sealed', True), ('text__is_sealed', True)), name='answer_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('reflection', 'question', 'piece'), name='answer_once_per_question'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('piece__in', ['first', 'second', 'third'])), name='answer_piece_is_known'),
        ),
    ]
