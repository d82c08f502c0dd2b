"""Remembers that the facts of a company have changed since the agency was told of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0008_hear_reference_rates"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="activation",
            name="activation_to_send",
        ),
        migrations.AddField(
            model_name="activation",
            name="facts_changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="activation",
            name="facts_told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="activation",
            index=models.Index(
                condition=models.Q(
                    ("state", "activating"),
                    models.Q(("facts_changed_at__isnull", False), ("state", "active")),
                    _connector="OR",
                ),
                fields=["company", "next_try_at"],
                name="activation_to_send",
            ),
        ),
    ]
