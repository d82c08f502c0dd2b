"""Let the round find letters that wait and claims whose last day to pay has passed without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0007_count_what_letters_count"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("next_event", "last_day_to_pay"), ("status", "reminder_sent")),
                fields=["creditor", "last_day_to_pay", "id"],
                name="claim_to_decide",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(
                    ("handed_at__isnull", True), ("replaced_at__isnull", True), ("stopped_at__isnull", True)
                ),
                fields=["creditor", "day", "id"],
                name="letter_that_waits",
            ),
        ),
    ]
