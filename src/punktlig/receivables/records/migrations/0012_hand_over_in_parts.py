"""Keep a row for each part of a sending run, and not for each of its invoices.

What a run that is under way has left stays, as if it had changed meanwhile: versions are written in another way since. A
run that had not been compared with its preview yet is outdated, so that the preview is shown again.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from punktlig.tenancy.operations import BelongToTenant

# The owner of the tables is bound by their policies too, and here works for every company.
UNBOUND = """
ALTER TABLE receivables_sending_run NO FORCE ROW LEVEL SECURITY;
ALTER TABLE receivables_sending_run_invoice NO FORCE ROW LEVEL SECURITY;
ALTER TABLE receivables_sending_run_part NO FORCE ROW LEVEL SECURITY;
"""
MOVE = """
UPDATE receivables_sending_run SET state = 'outdated', finished_at = now() WHERE state = 'checking';
INSERT INTO receivables_sending_run_part (id, company_id, run_id, number, chosen, worked_off_at, sent, refused)
SELECT gen_random_uuid(), one.company_id, one.run_id,
    row_number() OVER (PARTITION BY one.company_id, one.run_id ORDER BY min(one.position)) - 1,
    jsonb_agg(jsonb_build_array(one.invoice_id, one.digest) ORDER BY one.position),
    CASE WHEN one.is_ready THEN NULL ELSE coalesce(run.finished_at, run.started_at) END,
    count(*) FILTER (WHERE one.state = 'sent'),
    coalesce(
        jsonb_agg(jsonb_build_array(one.invoice_id, one.refusal_code) ORDER BY one.position)
            FILTER (WHERE one.state = 'refused'),
        '[]'
    )
FROM (
    SELECT *, state = 'ready' AS is_ready, position / 1000 AS part FROM receivables_sending_run_invoice
) AS one
JOIN receivables_sending_run AS run ON run.company_id = one.company_id AND run.id = one.run_id
WHERE run.state <> 'outdated'
GROUP BY one.company_id, one.run_id, one.part, one.is_ready, run.finished_at, run.started_at;
"""
# A table whose foreign keys are still to be checked cannot be altered.
BOUND = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE receivables_sending_run FORCE ROW LEVEL SECURITY;
ALTER TABLE receivables_sending_run_part FORCE ROW LEVEL SECURITY;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("receivables", "0011_find_names_in_the_index")]

    operations = [
        migrations.CreateModel(
            name="SendingRunPart",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("chosen", models.JSONField()),
                ("worked_off_at", models.DateTimeField(blank=True, null=True)),
                ("sent", models.IntegerField(default=0)),
                ("refused", models.JSONField(default=list)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.company",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="receivables.sendingrun",
                    ),
                ),
            ],
            options={
                "db_table": "receivables_sending_run_part",
            },
        ),
        migrations.AddConstraint(
            model_name="sendingrunpart",
            constraint=models.UniqueConstraint(fields=("company", "run", "number"), name="part_of_run"),
        ),
        BelongToTenant("SendingRunPart", "company"),
        migrations.RunSQL(UNBOUND + MOVE + BOUND),
        migrations.DeleteModel(name="SendingRunInvoice"),
        migrations.RemoveIndex(model_name="sendingrun", name="run_to_continue"),
        migrations.AlterField(
            model_name="sendingrun",
            name="state",
            field=models.CharField(
                choices=[("sending", "Sending"), ("done", "Done"), ("outdated", "Outdated")],
                default="sending",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="sendingrun",
            index=models.Index(
                condition=models.Q(("state", "sending")),
                fields=["company", "started_at"],
                name="run_to_go_on",
            ),
        ),
    ]
