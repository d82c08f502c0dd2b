"""Set aside what the agency tells of a company to which it cannot be applied."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from punktlig.tenancy.operations import BelongToTenant


class Migration(migrations.Migration):
    dependencies = [("receivables", "0013_follow_claims_in_place")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="events_wait_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="EventSetAside",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("sequence", models.IntegerField()),
                ("content", models.TextField()),
                ("set_aside_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.company",
                    ),
                ),
            ],
            options={
                "db_table": "receivables_event_set_aside",
                "indexes": [models.Index(fields=["company", "at", "sequence", "id"], name="event_by_turn")],
            },
        ),
        BelongToTenant("EventSetAside", "company"),
    ]
