"""Know which attempts at a message say nothing about it, since the agency answered nobody.

The default is the database's own, so that a process of the release before, which goes on while the new one starts, can
still write messages.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0021_ask_for_payments_back")]

    operations = [
        migrations.AddField("activation", "unheard", models.IntegerField(db_default=0, default=0)),
        migrations.AddField("command", "unheard", models.IntegerField(db_default=0, default=0)),
        migrations.AddField("handover", "unheard", models.IntegerField(db_default=0, default=0)),
        migrations.AddIndex(
            "handover",
            models.Index(
                fields=["company"],
                name="handover_unheard",
                condition=models.Q(state="queued", unheard__gt=0),
            ),
        ),
    ]
