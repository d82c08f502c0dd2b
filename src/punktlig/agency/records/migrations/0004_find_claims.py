"""Let claims be found by invoice number and debtor, and be listed by status and over all creditors."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0003_check_journal_by_entry"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="debtor_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(identity_is_protected=True, then=models.Value("")),
                    default=django.db.models.functions.text.Lower(models.F("debtor_name")),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="invoice_number_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(models.F("invoice_number")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["creditor", "status", "received_at", "id"], name="claim_by_status"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["creditor", "invoice_number_key"], name="claim_by_invoice_number"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["creditor", "debtor_key"], name="claim_by_debtor"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["received_at", "id"], name="claim_by_arrival_of_all"),
        ),
    ]
