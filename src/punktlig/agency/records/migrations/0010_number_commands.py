"""Number the commands of a claim in the order in which they were counted, so that no letter depends on moments."""

from django.db import migrations, models

from punktlig.tenancy.operations import with_every_row

# Until now they were counted in the order of the moments at which they came.
NUMBER = """
UPDATE agency_received_command AS command SET place = numbered.place
FROM (
    SELECT creditor_id, id,
        row_number() OVER (PARTITION BY creditor_id, claim_id ORDER BY received_at, id) AS place
    FROM agency_received_command WHERE state = 'confirmed'
) AS numbered
WHERE command.creditor_id = numbered.creditor_id AND command.id = numbered.id
"""


class Migration(migrations.Migration):
    dependencies = [("agency", "0009_count_claims")]

    operations = [
        migrations.AddField(
            model_name="receivedcommand",
            name="place",
            field=models.IntegerField(null=True),
        ),
        *with_every_row(["agency_received_command"], migrations.RunSQL(NUMBER, migrations.RunSQL.noop)),
        migrations.AddConstraint(
            model_name="receivedcommand",
            constraint=models.UniqueConstraint(fields=("creditor", "claim", "place"), name="command_place"),
        ),
        migrations.AddConstraint(
            model_name="receivedcommand",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "confirmed"), _negated=True) | models.Q(("place__isnull", False)),
                name="confirmed_has_place",
            ),
        ),
    ]
