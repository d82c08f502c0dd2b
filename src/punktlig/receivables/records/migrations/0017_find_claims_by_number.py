"""Let a search find an invoice by the number of its claim at the agency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0016_keep_events_as_history")]

    operations = [
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                fields=["company", "claim_number"], condition=~models.Q(claim_number=""), name="handover_by_claim"
            ),
        ),
    ]
