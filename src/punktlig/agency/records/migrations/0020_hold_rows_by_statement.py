"""Hold what is added with every claim to the row it belongs to by the statement, and not row by row."""

from django.db import migrations

from punktlig.tenancy.operations import HoldByStatement


class Migration(migrations.Migration):
    dependencies = [("agency", "0019_count_pages")]

    operations = [
        HoldByStatement("ClaimEvent", "creditor", "claim"),
        HoldByStatement("JournalEntry", "creditor", "claim"),
        HoldByStatement("ClaimStep", "creditor", "claim"),
        HoldByStatement("Letter", "creditor", "claim", "step"),
        HoldByStatement("Delivery", "creditor", "letter"),
    ]
