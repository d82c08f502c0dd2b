"""Let a payment whose id several claims were told of be taken back once on each."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("agency", "0022_read_tenants_once")]

    operations = [
        migrations.RemoveConstraint("ReceivedCommand", "reversed_once"),
        migrations.AddConstraint(
            "ReceivedCommand",
            models.UniqueConstraint(
                condition=Q(("state", "confirmed")), fields=("creditor", "claim", "reverses"), name="reversed_once"
            ),
        ),
    ]
