"""Hold what is added with every handover to its invoice by the statement, and not row by row."""

from django.db import migrations

from punktlig.tenancy.operations import HoldByStatement


class Migration(migrations.Migration):
    dependencies = [("receivables", "0014_set_events_aside")]

    operations = [
        HoldByStatement("Handover", "company", "invoice"),
        HoldByStatement("HistoryLine", "company", "invoice"),
    ]
