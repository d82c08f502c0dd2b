"""Where a link to the agency's pages may lead, whatever the agency said, and whenever it said so."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_web_page(address: str) -> bool:
    """Tell whether a link may lead there.

    Which host it is stays the agency's choice: its API may have another than its pages, which can lead anywhere.
    """
    try:
        told = urlsplit(address)
        has_place = told.scheme in ("http", "https") and bool(told.hostname) and told.username is None
        told.port  # noqa: B018 - raises when it is none
    except ValueError:
        return False
    return has_place and address.isprintable() and not {" ", "\\"} & set(address)
