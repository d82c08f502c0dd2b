"""Let rows be held to their company by the row they belong to, and not looked up once more for each."""

import django.db.models.deletion
from django.db import migrations, models

# Each has a foreign key to another row that includes the company.
HELD = ("creditnote", "handover", "historyline", "invoiceline", "payment", "receivedevent", "sendingruninvoice")


class Migration(migrations.Migration):
    dependencies = [("receivables", "0009_tell_changed_facts")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="receivables.company",
            ),
        )
        for model in HELD
    ]
