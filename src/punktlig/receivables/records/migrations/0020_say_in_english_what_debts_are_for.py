"""Let a company say in English too what its debts are for; until it does, letters in English tell the invoice's lines.

The default is the database's own, so that a web process of the release before, which goes on while the new one starts,
can still write an activation.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0019_decide_about_consumers_abroad")]

    operations = [
        migrations.AddField(
            "activation",
            "debt_text_in_english",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
