"""Keep runs of many handovers, and who the agency is as its letters say it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from punktlig.tenancy.operations import BelongToTenant


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0003_keep_the_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="activation",
            name="letterhead",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name="SendingRun",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "Checking"),
                            ("sending", "Sending"),
                            ("done", "Done"),
                            ("outdated", "Outdated"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                ("shown", models.CharField(max_length=64)),
                ("day", models.DateField()),
                ("total", models.IntegerField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.company",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "receivables_sending_run",
            },
        ),
        migrations.CreateModel(
            name="SendingRunInvoice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("position", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("ready", "Ready"), ("sent", "Sent"), ("refused", "Refused")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("refusal_code", models.CharField(blank=True, max_length=60)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.company",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.invoice",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chosen",
                        to="receivables.sendingrun",
                    ),
                ),
            ],
            options={
                "db_table": "receivables_sending_run_invoice",
            },
        ),
        migrations.AddIndex(
            model_name="sendingrun",
            index=models.Index(
                condition=models.Q(("state__in", ["checking", "sending"])),
                fields=["company", "started_at"],
                name="run_to_continue",
            ),
        ),
        migrations.AddIndex(
            model_name="sendingruninvoice",
            index=models.Index(fields=["company", "run", "state", "position"], name="run_in_order"),
        ),
        migrations.AddConstraint(
            model_name="sendingruninvoice",
            constraint=models.UniqueConstraint(fields=("company", "run", "invoice"), name="invoice_once_a_run"),
        ),
        BelongToTenant("SendingRun", "company"),
        BelongToTenant("SendingRunInvoice", "company"),
    ]
