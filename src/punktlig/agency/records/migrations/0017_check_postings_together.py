"""Hold postings to their entries by the statement that adds them, and keep fewer indexes of what is added most."""

from django.db import migrations, models

# One look at each entry, and none at each posting. Sequential scans are switched off as before: see 0003.
JOURNAL_BALANCES = """
CREATE OR REPLACE FUNCTION agency_journal_balances() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    unbalanced boolean;
    astray boolean;
    repeated boolean;
BEGIN
    SELECT bool_or(entry.ore <> 0),
        bool_or(NOT EXISTS (
            SELECT FROM agency_journal_entry AS stored
            WHERE stored.creditor_id = entry.creditor_id AND stored.id = entry.entry_id
                AND stored.claim_id = entry.claim_id
        )),
        bool_or(entry.number <> (
            SELECT count(*) FROM agency_posting AS stored
            WHERE stored.creditor_id = entry.creditor_id AND stored.claim_id = entry.claim_id
                AND stored.entry_id = entry.entry_id
        ))
    INTO unbalanced, astray, repeated
    FROM (
        SELECT creditor_id, claim_id, entry_id, sum(amount_ore) AS ore, count(*) AS number
        FROM added GROUP BY creditor_id, claim_id, entry_id
    ) AS entry;
    IF astray THEN
        RAISE EXCEPTION 'a posting is of no entry of its claim' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF unbalanced THEN
        RAISE EXCEPTION 'the postings of a journal entry do not sum to zero' USING ERRCODE = 'check_violation';
    END IF;
    IF repeated THEN
        RAISE EXCEPTION 'a journal entry has its postings already' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
ALTER TABLE agency_posting DROP CONSTRAINT agency_posting_entry_of_tenant, DROP CONSTRAINT agency_posting_claim_of_tenant;
"""
# The application may not do it in any case. This holds whoever owns the tables, as the foreign keys did.
ENTRIES_STAY = """
CREATE FUNCTION agency_journal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER agency_journal_stays BEFORE UPDATE OR DELETE ON agency_journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION agency_journal_stays();
CREATE TRIGGER agency_journal_stays BEFORE UPDATE OR DELETE ON agency_posting
    FOR EACH STATEMENT EXECUTE FUNCTION agency_journal_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("agency", "0016_keep_letters_uncompressed")]

    operations = [
        migrations.RemoveIndex("posting", "posting_of_entry"),
        migrations.RemoveIndex("posting", "posting_of_claim"),
        migrations.AddIndex("posting", models.Index(fields=["creditor", "claim", "entry"], name="posting_of_claim")),
        migrations.RunSQL(JOURNAL_BALANCES),
        migrations.RunSQL(ENTRIES_STAY),
        migrations.RemoveConstraint("feedentry", "feed_position"),
        migrations.AddConstraint(
            "feedentry",
            models.UniqueConstraint(
                fields=["platform", "position"],
                name="feed_position",
                condition=models.Q(position__isnull=False),
            ),
        ),
    ]
