"""Let a creditor's counts and sums be read from indexes alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0008_find_what_waits"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="claim",
            name="claim_by_status",
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["creditor", "status", "received_at", "id"], include=("principal_ore",), name="claim_by_state"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("next_event", "creditor_decides")),
                fields=["creditor", "next_event_day"],
                name="claim_for_creditor",
            ),
        ),
    ]
