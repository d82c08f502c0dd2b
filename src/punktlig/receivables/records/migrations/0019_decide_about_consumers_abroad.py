"""Let a company decide that consumers abroad pay fee and interest; nobody has decided so before.

The default is the database's own, so that a web process of the release before, which goes on while the new one starts,
can still write an activation.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0018_take_payments_back")]

    operations = [
        migrations.AddField(
            "activation", "charges_consumers_abroad", models.BooleanField(db_default=False, default=False)
        ),
    ]
