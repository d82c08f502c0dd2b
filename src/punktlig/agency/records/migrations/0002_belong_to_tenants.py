"""Put the tenant first in every key and force row-level security, before the first row is written."""

from django.db import migrations

from punktlig.tenancy.operations import BelongToTenant

# Every posting of an entry is added in one statement, so the sum can be checked for the statement as a whole: one pass
# over the new rows, however many entries they belong to.
JOURNAL_BALANCES = """
CREATE FUNCTION agency_journal_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added GROUP BY creditor_id, entry_id HAVING sum(amount_ore) <> 0) THEN
        RAISE EXCEPTION 'the postings of a journal entry do not sum to zero' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM added JOIN agency_posting earlier USING (creditor_id, entry_id)
        WHERE NOT EXISTS (SELECT FROM added same WHERE same.creditor_id = earlier.creditor_id AND same.id = earlier.id)
    ) THEN
        RAISE EXCEPTION 'a journal entry has its postings already' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER agency_journal_balances AFTER INSERT ON agency_posting REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION agency_journal_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("agency", "0001_initial")]

    operations = [
        BelongToTenant("Claim", "creditor"),
        BelongToTenant("RefusedHandover", "creditor", append_only=True),
        BelongToTenant("ClaimStep", "creditor", append_only=True),
        BelongToTenant("ReceivedCommand", "creditor"),
        BelongToTenant("ClaimEvent", "creditor", append_only=True),
        BelongToTenant("JournalEntry", "creditor", append_only=True),
        BelongToTenant("Posting", "creditor", append_only=True),
        BelongToTenant("Letter", "creditor"),
        BelongToTenant("Delivery", "creditor"),
        BelongToTenant("CaughtMail", "creditor", append_only=True),
        migrations.RunSQL(JOURNAL_BALANCES),
    ]
