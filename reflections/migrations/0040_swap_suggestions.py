"""Who suggested a swap, and when the other one agreed. There is none before this: the table is new."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("reflections", "0031_second_edition"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "swap",
            "proposed_by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="swaps_proposed",
                to=settings.AUTH_USER_MODEL,
                verbose_name="suggested by",
            ),
        ),
        migrations.AddField(
            "swap", "agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed")
        ),
        migrations.AlterField(
            "swap",
            "created_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="suggested"),
        ),
        migrations.AddConstraint(
            "swap",
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(agreed_at__isnull=False),
                name="swap_agreed_then_opened",
            ),
        ),
    ]
