"""Keep when a letter was given to a gateway, and how a print batch is handed over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0004_find_claims"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="handed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="printbatch",
            name="leased_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="printbatch",
            name="attempts",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="printbatch",
            name="handed_over_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="printbatch",
            name="evidence",
            field=models.JSONField(default=dict),
        ),
        migrations.AddIndex(
            model_name="printbatch",
            index=models.Index(
                condition=models.Q(("handed_over_at__isnull", True)), fields=["created_at"], name="batch_to_hand_over"
            ),
        ),
    ]
