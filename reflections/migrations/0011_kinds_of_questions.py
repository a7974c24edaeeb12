from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0010_pieces_of_an_answer'),
    ]

    operations = [
        migrations.AddField(
            model_name='prompt',
            name='kind',
            field=models.CharField(choices=[('words', 'one text'), ('again', 'up to three moments, with cues to look again'), ('before', 'a before and an after'), ('values', 'values, each beside the moment that shows it'), ('carry', 'one thing to carry, and what becomes of what was set aside')], default='words', max_length=6, verbose_name='what is written'),
        ),
        migrations.AddField(
            model_name='question',
            name='kind',
            field=models.CharField(choices=[('words', 'one text'), ('again', 'up to three moments, with cues to look again'), ('before', 'a before and an after'), ('values', 'values, each beside the moment that shows it'), ('carry', 'one thing to carry, and what becomes of what was set aside')], default='words', max_length=6, verbose_name='what is written'),
        ),
    ]
