"""Keep what the agency has told as lines of history, which every event had already under its own id."""

from django.db import migrations, models

from punktlig.tenancy.operations import with_every_row

# An event without its line has never been written; if one is there all the same, it is kept too.
MOVE = """
UPDATE receivables_history_line AS line
SET sequence = event.sequence, as_told = event.content::text, received_at = event.received_at
FROM receivables_received_event AS event WHERE line.company_id = event.company_id AND line.id = event.id;
INSERT INTO receivables_history_line
    (id, company_id, invoice_id, at, actor, by_agency, code, facts, sequence, as_told, received_at)
SELECT id, company_id, invoice_id, at, left(coalesce(content ->> 'actor', ''), 200), true, kind,
    coalesce(content -> 'facts', '{}') || jsonb_build_object('claim_number', content -> 'claim_number'), sequence,
    content::text, received_at
FROM receivables_received_event ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("receivables", "0015_hold_rows_by_statement")]

    operations = [
        migrations.AddField("historyline", "sequence", models.IntegerField(blank=True, null=True)),
        migrations.AddField("historyline", "as_told", models.TextField(blank=True, db_default="")),
        migrations.AddField("historyline", "received_at", models.DateTimeField(blank=True, null=True)),
        *with_every_row(
            # The invoices too, among which a line that is added is looked up.
            ["receivables_history_line", "receivables_received_event", "receivables_invoice"],
            migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        ),
        migrations.DeleteModel("ReceivedEvent"),
    ]
