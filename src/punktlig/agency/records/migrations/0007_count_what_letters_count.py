"""Keep how many payments a letter has counted, so that one that lacks the latest is made anew before it leaves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0006_end_webhooks"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="commands_counted",
            field=models.IntegerField(default=0, help_text="payments and credit notes that came as commands"),
        ),
    ]
