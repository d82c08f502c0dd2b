"""Count an entry's postings through the index: joining the new rows to the whole journal grew with their square."""

from django.db import migrations

# The index is asked for by switching off sequential scans in this function alone: a plan made while the journal was
# empty is kept for as long as the connection lives.
JOURNAL_BALANCES = """
CREATE OR REPLACE FUNCTION agency_journal_balances() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM added GROUP BY creditor_id, entry_id HAVING sum(amount_ore) <> 0) THEN
        RAISE EXCEPTION 'the postings of a journal entry do not sum to zero' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT creditor_id, entry_id, count(*) AS number FROM added GROUP BY creditor_id, entry_id) AS entry
        WHERE entry.number <> (
            SELECT count(*) FROM agency_posting AS stored
            WHERE stored.creditor_id = entry.creditor_id AND stored.entry_id = entry.entry_id
        )
    ) THEN
        RAISE EXCEPTION 'a journal entry has its postings already' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("agency", "0002_belong_to_tenants")]

    operations = [migrations.RunSQL(JOURNAL_BALANCES)]
