"""Keep the reference rates that the agency tells and the program does not know; only added to."""

from django.db import migrations, models

from punktlig.tenancy.operations import OnlyAddTo


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0007_index_the_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeardRate",
            fields=[
                ("valid_from", models.DateField(primary_key=True, serialize=False)),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("source", models.CharField(max_length=1000)),
                ("heard_at", models.DateTimeField()),
            ],
            options={
                "db_table": "receivables_heard_rate",
            },
        ),
        OnlyAddTo("HeardRate"),
    ]
