"""Offer the first version of the terms. The hash is of the Swedish text, so that a change of it is noticed by a test."""

import hashlib
from pathlib import Path

from django.db import migrations

VERSION = "2026-1"
TEXT = Path(__file__).parents[2] / "templates" / "receivables" / "terms" / f"{VERSION}.sv.html"


def offer(apps, schema_editor):  # noqa: ANN001, ANN201, ARG001 - the signature is Django's
    apps.get_model("receivables", "TermsVersion").objects.create(
        version=VERSION, valid_from="2026-01-01", sha256=hashlib.sha256(TEXT.read_bytes()).hexdigest()
    )


class Migration(migrations.Migration):
    dependencies = [("receivables", "0004_keep_sending_runs")]

    operations = [migrations.RunPython(offer, migrations.RunPython.noop)]
