"""Every caller says when a payment or credit note was recorded; the database is not changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0005_offer_the_terms_of_2026"),
    ]

    operations = [
        migrations.AlterField(
            model_name="creditnote",
            name="recorded_at",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="payment",
            name="recorded_at",
            field=models.DateTimeField(),
        ),
    ]
