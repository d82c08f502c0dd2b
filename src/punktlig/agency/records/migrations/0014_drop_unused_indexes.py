"""Keep no index that no question asks: each costs a write for every claim."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agency", "0013_check_tenants_once")]

    operations = [
        # A number is asked for by itself: which creditor has it is what is found.
        migrations.AlterField(
            model_name="claimnumber",
            name="creditor",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agency.creditor"
            ),
        ),
        # For LIKE, which numbers are never searched with: beginnings are ranges, which the key itself serves.
        migrations.RunSQL(
            "DROP INDEX IF EXISTS agency_claim_number_number_e90e700a_like",
            "CREATE INDEX agency_claim_number_number_e90e700a_like ON agency_claim_number (number varchar_pattern_ops)",
        ),
        # Few entries correct another.
        migrations.RemoveConstraint(model_name="journalentry", name="corrected_once"),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", False)),
                fields=("creditor", "corrects"),
                name="corrected_once",
            ),
        ),
    ]
