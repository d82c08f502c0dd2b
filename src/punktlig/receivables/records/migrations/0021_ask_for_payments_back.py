"""Let the agency be asked to take back a payment that it was told of by mistake, once at a time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0020_say_in_english_what_debts_are_for"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("command", "reverses", models.UUIDField(blank=True, null=True)),
        migrations.AddField(
            "command",
            "asked_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "command",
            models.CheckConstraint(
                condition=models.Q(kind="reversal", reverses__isnull=False, asked_by__isnull=False)
                | (~models.Q(kind="reversal") & models.Q(reverses__isnull=True, asked_by__isnull=True)),
                name="reversal_names_its_payment",
            ),
        ),
        migrations.AddConstraint(
            "command",
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True)
                | (models.Q(state="refused") & ~models.Q(refusal_code=""))
                | (~models.Q(state="refused") & models.Q(refusal_code="")),
                name="refused_reversal_has_a_code",
            ),
        ),
        migrations.AddConstraint(
            "command",
            models.UniqueConstraint(
                fields=["company", "reverses"],
                name="one_reversal_a_payment",
                condition=models.Q(reverses__isnull=False, refusal_code=""),
            ),
        ),
        migrations.AddIndex(
            "command",
            models.Index(
                fields=["company", "invoice"],
                name="command_is_reversal",
                condition=models.Q(reverses__isnull=False),
            ),
        ),
    ]
