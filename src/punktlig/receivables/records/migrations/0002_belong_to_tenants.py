"""Put the tenant first in every key and force row-level security, before the first row is written."""

from django.db import migrations

from punktlig.tenancy.operations import BelongToTenant


class Migration(migrations.Migration):
    dependencies = [("receivables", "0001_initial")]

    operations = [
        BelongToTenant("Customer", "company"),
        BelongToTenant("Invoice", "company"),
        BelongToTenant("InvoiceLine", "company"),
        BelongToTenant("Payment", "company"),
        BelongToTenant("CreditNote", "company"),
        BelongToTenant("HistoryLine", "company", append_only=True),
        BelongToTenant("Activation", "company"),
        BelongToTenant("Handover", "company"),
        BelongToTenant("Command", "company"),
        BelongToTenant("ReceivedEvent", "company", append_only=True),
        BelongToTenant("ImportRun", "company"),
        BelongToTenant("ImportedFile", "company"),
    ]
