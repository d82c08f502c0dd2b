"""Let a payment that was booked by mistake be taken back, once, and let nothing else of a payment be changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from punktlig.tenancy.operations import OnlyAddTo

TAKEN_BACK_ONCE = """
CREATE FUNCTION receivables_payment_is_taken_back_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a payment is taken back once, and stays so' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payment_is_taken_back_once BEFORE UPDATE ON receivables_payment FOR EACH ROW
    WHEN (OLD.taken_back_at IS NOT NULL) EXECUTE FUNCTION receivables_payment_is_taken_back_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0017_find_claims_by_number"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("payment", "taken_back_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "payment",
            "taken_back_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "payment",
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | models.Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="payment_is_taken_back_by_somebody",
            ),
        ),
        migrations.RemoveIndex("payment", "payment_by_day"),
        migrations.AddIndex(
            "payment",
            models.Index(
                fields=["company", "day"],
                name="payment_by_day",
                include=("amount_ore",),
                condition=models.Q(taken_back_at__isnull=True),
            ),
        ),
        migrations.RunSQL(TAKEN_BACK_ONCE),
        OnlyAddTo("Payment", may_fill_in=("taken_back_at", "taken_back_by")),
    ]
