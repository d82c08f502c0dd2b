"""Offer the first version of the terms. Its hash is of the Swedish text followed by the English one."""

from django.db import migrations

VERSION = "2026-1"
SHA256 = "15b11e998bf84c119dea842b6ba24715b42d264ee251cdc1e4e0c45280254d5d"


def offer(apps, schema_editor):  # noqa: ANN001, ANN201, ARG001 - the signature is Django's
    apps.get_model("receivables", "TermsVersion").objects.create(
        version=VERSION, valid_from="2026-01-01", sha256=SHA256
    )


class Migration(migrations.Migration):
    dependencies = [("receivables", "0004_keep_sending_runs")]

    operations = [migrations.RunPython(offer, migrations.RunPython.noop)]
