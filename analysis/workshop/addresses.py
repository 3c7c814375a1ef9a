"""Where phones find this machine: its address in the hall's network, a public one, and a QR code of it."""

from __future__ import annotations

import io
import ipaddress
import os
import socket
from urllib.parse import urlsplit

import psutil
import segno

from analysis.base.faults import Fault, HubreachError

PUBLIC_VARIABLE = "HUBREACH_PUBLIC_URL"
LOOPBACK = "127.0.0.1"


def local_addresses() -> list[str]:
    """IPv4 addresses of this machine in local networks, the likeliest for phones first.

    Asked of the machine's own interfaces, so that it works on a hotspot that leads nowhere. Only this
    machine itself can use 127.0.0.1, which is given when there is no other.
    """
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        address.address
        for name, addresses in psutil.net_if_addrs().items()
        if name in up and not name.startswith(("docker", "br-", "veth", "virbr"))
        for address in addresses
        if address.family == socket.AF_INET and not ipaddress.ip_address(address.address).is_loopback
    ]
    return sorted(found, key=_likelihood) or [LOOPBACK]


def is_loopback(host: str) -> bool:
    """Whether a server that listens on this address is reached from its own computer alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("::1")
    (True, True, False, True)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _likelihood(address: str) -> tuple[bool, bool, str]:
    number = ipaddress.ip_address(address)
    return number.is_link_local, not number.is_private, address


def public_url() -> str | None:
    """`HUBREACH_PUBLIC_URL`, such as https://hubs.example.gov.uk, or None.

    Raises
    ------
    HubreachError
        If it is not an http or https address.
    """
    given = os.environ.get(PUBLIC_VARIABLE, "").strip().rstrip("/")
    if not given:
        return None
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        fault = Fault(
            PUBLIC_VARIABLE, None, None, f"{given!r:.80} is no web address", "Begin it with https://"
        )
        raise HubreachError("The public address cannot be read.", [fault])
    return given


def join_urls(invite: str, port: int, *, scheme: str = "http") -> list[str]:
    """Addresses of the phone page for the screen: the public one first if there is one, then local ones.

    Parameters
    ----------
    invite : str
        The workshop's long code, or "" for the page where the short code is typed.
    port : int
        That this server listens on.
    scheme : str
        "https" if this server itself has a certificate.
    """
    local = [f"{scheme}://{address}:{port}" for address in local_addresses()]
    return [f"{base}/join/{invite}" for base in [*filter(None, [public_url()]), *local]]


def qr_svg(url: str, *, size_px: int = 320) -> str:
    """QR code of an address as SVG, dark on white with its quiet zone, readable across a hall."""
    code = segno.make(url, error="m", micro=False)
    written = io.BytesIO()
    scale = size_px / code.symbol_size()[0]
    code.save(written, kind="svg", scale=scale, dark="#000000", light="#ffffff", xmldecl=False, title="Join")
    return written.getvalue().decode()
