"""Let rows be held to their creditor by the row they belong to, and not looked up once more for each."""

import django.db.models.deletion
from django.db import migrations, models

# Each has a foreign key to another row that includes the creditor.
HELD = ("claimevent", "claimstep", "delivery", "journalentry", "letter", "posting")


class Migration(migrations.Migration):
    dependencies = [("agency", "0012_add_reference_rates")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name="creditor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agency.creditor",
            ),
        )
        for model in HELD
    ]
