"""Let the database read once a statement whose rows it may see, and not anew for each row."""

from django.db import migrations

from punktlig.tenancy.operations import ReadTenantOnce


class Migration(migrations.Migration):
    dependencies = [("receivables", "0023_let_the_agency_take_payments_back")]

    operations = [ReadTenantOnce()]
