"""Let a command take back a payment that was told by mistake."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("agency", "0020_hold_rows_by_statement")]

    operations = [
        migrations.AddField("ReceivedCommand", "reverses", models.UUIDField(null=True)),
        migrations.AddField("ReceivedCommand", "reversed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "ReceivedCommand",
            models.CheckConstraint(
                condition=Q(("kind", "reversal"), ("reverses__isnull", False))
                | Q(Q(("kind", "reversal"), _negated=True), ("reverses__isnull", True)),
                name="reversal_names_its_payment",
            ),
        ),
        migrations.AddConstraint(
            "ReceivedCommand",
            models.UniqueConstraint(
                condition=Q(("state", "confirmed")), fields=("creditor", "reverses"), name="reversed_once"
            ),
        ),
    ]
