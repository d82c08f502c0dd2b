"""Keep when a platform's webhook address said that it is gone for good."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agency", "0005_hand_letters_over")]

    operations = [
        migrations.AddField(
            model_name="platform",
            name="webhooks_ended_at",
            field=models.DateTimeField(help_text="when the address answered 410 Gone", null=True),
        ),
    ]
