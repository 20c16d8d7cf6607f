"""From where somebody calls."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp import web


def address_of(request: web.Request) -> str:
    """Return the caller's address, that of a whole network for IPv6.

    Behind a proxy on this machine it is the address that the proxy saw: the last one of
    X-Forwarded-For. The ones before it are whatever the caller wrote there.
    """
    passed_on = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    address = _read(request.remote)
    if passed_on and (address is None or address.is_loopback):
        address = _read(passed_on) or address
    return "" if address is None else _as_one(address)


def is_loopback(address: str | None) -> bool:
    """Tell whether an address is this machine itself."""
    read = _read(address)
    return read is not None and read.is_loopback


def _read(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        read = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(read, IPv6Address) and read.ipv4_mapped:  # IPv4 on a socket of both kinds
        return read.ipv4_mapped
    return read


def _as_one(address: IPv4Address | IPv6Address) -> str:
    """Return an IPv6 address as its /64: whoever has one has all of them."""
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), 64), strict=False).network_address)
    return str(address)
