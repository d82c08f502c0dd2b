"""Count the pages of a letter when it is drawn, for whoever looks at a batch for the printer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agency", "0018_tell_creditor_faults")]

    operations = [migrations.AddField(model_name="letter", name="pages", field=models.SmallIntegerField(null=True))]
