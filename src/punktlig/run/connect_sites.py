"""Makes the receivables site a platform of the agency: `python -m punktlig.run.connect_sites NAME WEBHOOK_URL`.

A process of the agency site. It prints a new API key and the secret that signs webhooks, as JSON. Run again, it finds
the platform of that name, takes the earlier keys that it made back and makes another.
"""

from __future__ import annotations

import json
import os
import sys

import django

_KEY = "punktlig run"


def main(name: str, webhook_url: str) -> None:
    """Connect, and print what the receivables site needs."""
    # Only now are the site's settings there.
    from punktlig import clock  # noqa: PLC0415
    from punktlig.agency.actions.keys import (  # noqa: PLC0415
        issue_api_key,
        make_platform,
        revoke_api_key,
        set_webhooks,
    )
    from punktlig.agency.records.platform import ApiKey, Platform  # noqa: PLC0415

    platform = Platform.objects.filter(name=name, is_active=True).order_by("created_at").first() or make_platform(name)
    for key in ApiKey.objects.filter(platform=platform, name=_KEY, revoked_at__isnull=True):
        revoke_api_key(key.id, at=clock.now())
    made = {
        "api_key": issue_api_key(platform.id, name=_KEY),
        "webhook_secret": set_webhooks(platform.id, webhook_url, at=clock.now()),
    }
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "punktlig.agency.settings"
    django.setup()
    main(*sys.argv[1:])
