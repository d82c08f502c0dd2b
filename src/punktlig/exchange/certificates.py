"""The certificates that a connection of either site trusts, read once in a process.

Every client reads them anew unless it is given them, which takes as long as handing twenty invoices over: 40 ms of the
processor. A client lives no longer than the job that needs it, and a job may come many times a second.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    import ssl


@cache
def trusted_certificates() -> ssl.SSLContext:
    """Return the public authorities that httpx brings, whatever the environment names; for clients of all threads."""
    return httpx.create_ssl_context(trust_env=False)
