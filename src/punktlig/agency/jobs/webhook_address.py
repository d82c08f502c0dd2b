"""Where a webhook may go: an address on the public internet, and the very one that was looked at.

A platform names the address, so without this it could make the agency call its own neighbours: a database, a metadata
service, a page for administrators.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import httpx
from django.conf import settings

_PORTS = {"http": 80, "https": 443}


class AddressNotAllowed(Exception):
    """The address is none that a webhook may go to; the text says why."""


@dataclass(frozen=True, slots=True)
class Destination:
    """The address with its host replaced by the number that was looked at, and the host to ask for there."""

    url: str
    host_header: str
    server_name: str


def destination(url: str) -> Destination:
    """Return where to connect for the address. The name is resolved once, and that number is what is connected to.

    Raises:
        AddressNotAllowed: not http(s), with a user name, unknown, or in a network that is not public.
    """
    try:
        parsed = httpx.URL(url)
        port = parsed.port or _PORTS[parsed.scheme]
    except (httpx.InvalidURL, KeyError, TypeError):
        raise AddressNotAllowed("only http and https") from None
    host = parsed.host.lower().rstrip(".")
    if not host or parsed.userinfo:
        raise AddressNotAllowed("a host without user name is needed")
    number = _resolved(host, port)
    private_is_meant = settings.DEMO or host in settings.WEBHOOK_PRIVATE_HOSTS
    if not private_is_meant and not _is_public(number):
        raise AddressNotAllowed(f"{host} lies in a network that is not public")
    return Destination(
        url=str(parsed.copy_with(host=number)),
        host_header=parsed.netloc.decode("ascii"),
        server_name=host,
    )


def _resolved(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressNotAllowed(f"{host} is unknown") from None
    numbers = [str(entry[4][0]) for entry in found]
    # All of them have to be public: which one is taken must not decide.
    unfit = [number for number in numbers if not _is_public(number)]
    return unfit[0] if unfit else numbers[0]


def _is_public(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        # An IPv4 address in the clothes of IPv6 is judged as what it is.
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            address = inner
        elif address.is_site_local:
            # Python counts these as global, since RFC 3879 took them out of use; old networks still have them.
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
