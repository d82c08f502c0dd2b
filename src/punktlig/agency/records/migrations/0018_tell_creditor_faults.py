"""Tell people what the jobs cannot do for a creditor."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from punktlig.tenancy.operations import BelongToTenant


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0017_check_postings_together"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditorFault",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "work",
                    models.CharField(
                        choices=[
                            ("go_on_with_rates", "Go On With Rates"),
                            ("issue_reminders", "Issue Reminders"),
                            ("renew_letters", "Renew Letters"),
                            ("ask_creditor", "Ask Creditor"),
                            ("take_letters", "Take Letters"),
                            ("store_answers", "Store Answers"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("problem", models.CharField(max_length=100)),
                (
                    "creditor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agency.creditor",
                    ),
                ),
            ],
            options={
                "db_table": "agency_creditor_fault",
                "constraints": [models.UniqueConstraint(fields=("creditor", "work"), name="one_fault_a_work")],
            },
        ),
        BelongToTenant("CreditorFault", "creditor"),
    ]
