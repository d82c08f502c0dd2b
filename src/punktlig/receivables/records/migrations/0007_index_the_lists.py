"""Indexes for the orders of the invoice list and for the figures of its tabs; nothing else is changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0006_say_when_money_was_recorded"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoice_by_date",
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                fields=["company", "issue_date", "id"], include=("payable_ore",), name="invoice_by_date"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("remaining_ore__lte", 0)),
                fields=["company", "issue_date", "id"],
                name="invoice_paid",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("currency", "SEK"), _negated=True),
                fields=["company", "issue_date"],
                name="invoice_foreign",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(
                    models.Q(("agency_state", ""), _negated=True),
                    models.Q(("agency_state__in", ["refused", "paid", "closed"]), _negated=True),
                ),
                fields=["company", "due_date", "id"],
                name="invoice_live_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["company", "day"], include=("amount_ore",), name="payment_by_day"),
        ),
    ]
