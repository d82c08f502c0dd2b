"""Let a search for a name read the index of names alone, and not every customer of the company."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0010_check_tenants_once")]

    operations = [
        migrations.RemoveIndex(model_name="customer", name="customer_by_name"),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["company", "name_key", "id"], include=["identity_is_protected"], name="customer_by_name"
            ),
        ),
    ]
