"""Let the desk list the letters of every creditor in the order of an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agency", "0010_number_commands")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["next_try_at", "id"], name="delivery_by_turn"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", False)),
                fields=["state", "-answered_at", "id"],
                name="delivery_by_answer",
            ),
        ),
    ]
