"""Keep the addresses at which debtors turned out to live, told after the handover."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from punktlig.tenancy.operations import BelongToTenant


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0014_drop_unused_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="DebtorAddress",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sequence", models.IntegerField()),
                ("lines", models.JSONField(default=list)),
                ("postcode", models.CharField(blank=True, max_length=500)),
                ("town", models.CharField(max_length=500)),
                ("country", models.CharField(max_length=2)),
                ("entered_by", models.CharField(max_length=200)),
                ("entered_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="agency.claim",
                    ),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agency.creditor",
                    ),
                ),
            ],
            options={
                "db_table": "agency_debtor_address",
                "constraints": [
                    models.UniqueConstraint(fields=("creditor", "claim", "sequence"), name="address_sequence")
                ],
            },
        ),
        BelongToTenant("DebtorAddress", "creditor", append_only=True),
    ]
