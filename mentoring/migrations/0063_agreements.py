import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0062_notes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('agreed', 'Agreed'), ('replaced', 'Replaced'), ('withdrawn', 'Taken back'), ('declined', 'Not wanted')], default='proposed', max_length=9, verbose_name='state')),
                ('cadence', accounts.vault.fields.SealedText(max_length=600, verbose_name='how often, and how long')),
                ('place', accounts.vault.fields.SealedText(max_length=600, verbose_name='where')),
                ('confidentiality', accounts.vault.fields.SealedText(max_length=600, verbose_name='what stays between us, and where that ends')),
                ('cancelling', accounts.vault.fields.SealedText(max_length=600, verbose_name='if one of us must cancel')),
                ('ending', accounts.vault.fields.SealedText(max_length=600, verbose_name='how we will end')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposed')),
                ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='over since')),
            ],
            options={
                'verbose_name': 'agreement',
                'verbose_name_plural': 'agreements',
                'ordering': ['pairing', '-number'],
            },
        ),
        migrations.CreateModel(
            name='FeedbackWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', accounts.vault.fields.SealedText(max_length=600, verbose_name='how I would like to hear hard things')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'wish about feedback',
                'verbose_name_plural': 'wishes about feedback',
            },
        ),
        migrations.AddField(
            model_name='agreement',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements_proposed', to=settings.AUTH_USER_MODEL, verbose_name='proposed by'),
        ),
        migrations.AddField(
            model_name='feedbackwish',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback_wishes', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='feedbackwish',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback_wishes', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('pairing', 'number'), name='agreement_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('pairing',), name='agreement_proposed_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'agreed')), fields=('pairing',), name='agreement_agreed_is_one'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'agreed', 'replaced', 'withdrawn', 'declined'])), name='agreement_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', True), ('closed_at__isnull', True), ('state', 'proposed')), models.Q(('agreed_at__isnull', False), ('closed_at__isnull', True), ('state', 'agreed')), models.Q(('closed_at__isnull', False), ('state', 'replaced')), models.Q(('agreed_at__isnull', True), ('closed_at__isnull', False), ('state__in', ['withdrawn', 'declined'])), _connector='OR'), name='agreement_times_fit_its_state'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('cadence__is_sealed', True), ('cancelling__is_sealed', True), ('confidentiality__is_sealed', True), ('ending__is_sealed', True), ('place__is_sealed', True)), name='agreement_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='feedbackwish',
            constraint=models.UniqueConstraint(fields=('pairing', 'person'), name='feedback_wish_once_each'),
        ),
        migrations.AddConstraint(
            model_name='feedbackwish',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('text__is_sealed', True)), name='feedback_wish_is_sealed'),
        ),
    ]
