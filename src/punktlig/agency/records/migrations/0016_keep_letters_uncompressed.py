"""Keep a letter's content as it is: compressing it cost more than all else that is done to store a letter.

It stays too long for its row either way, and a third of its size is not worth a fifth of the daily round. What is
stored already is read as before.
"""

from django.db import migrations

KEEP = "ALTER TABLE agency_letter ALTER COLUMN content SET STORAGE EXTERNAL"
COMPRESS = "ALTER TABLE agency_letter ALTER COLUMN content SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("agency", "0015_keep_debtor_addresses")]

    operations = [migrations.RunSQL(KEEP, COMPRESS)]
