"""Under which address a phone on the same network finds the pages."""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

#: Linux's request for the IPv4 address of a network interface, and where the address stands in the answer.
_SIOCGIFADDR = 0x8915
_ADDRESS_AT = slice(20, 24)
_NAME_BYTES = 15
_ROUTES = Path("/proc/net/route")
_EVERY_ADDRESS = ("0.0.0.0", "::", "")
#: Networks inside this machine, which no phone is in.
_INNER = ("docker", "veth", "br-", "virbr", "lxc", "podman", "cni")
_HTTP_PORT = 80


def base_url(host: str, port: int, wish: str | None = None) -> str | None:
    """Return the address of the pages for phones, without a slash at its end; None where no phone can reach them.

    ``host`` and ``port`` are what the pages are served at; ``wish`` is the owner's ``web.address``: a name or an
    address, with or without a port, or a whole URL. Without one the address is asked of the network interfaces, which
    needs no way to the internet.
    """
    if wish is not None:
        return wish.rstrip("/") if "://" in wish else f"http://{wish if _has_port(wish) else _at(wish, port)}"
    if host not in _EVERY_ADDRESS:
        return None if _is_this_machine(host) else f"http://{_at(host, port)}"
    found = network_address()
    return None if found is None else f"http://{_at(found, port)}"


def network_address() -> str | None:
    """Return this machine's IPv4 address on its network: of the way out, else of the first interface."""
    found = dict(_interfaces())
    way_out = next((found[name] for name in _with_default_route() if name in found), None)
    return way_out or next(iter(found.values()), None)


def _interfaces() -> Iterator[tuple[str, str]]:
    """Yield the interfaces that a phone may be on, with their addresses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _number, name in socket.if_nameindex():
            if name.startswith(_INNER):
                continue
            try:
                answer = fcntl.ioctl(asking, _SIOCGIFADDR, struct.pack("256s", name.encode()[:_NAME_BYTES]))
            except OSError:
                continue  # it has no address
            address = ipaddress.IPv4Address(answer[_ADDRESS_AT])
            if not (address.is_loopback or address.is_link_local):
                yield name, str(address)


def _with_default_route() -> list[str]:
    try:
        rows = [line.split() for line in _ROUTES.read_text(encoding="ascii").splitlines()[1:]]
    except OSError:
        return []
    return [row[0] for row in rows if len(row) > 1 and row[1] == "00000000"]


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _has_port(address: str) -> bool:
    head, colon, tail = address.rpartition(":")
    return bool(colon) and tail.isdigit() and (":" not in head or head.endswith("]"))


def _at(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return name if port == _HTTP_PORT else f"{name}:{port}"
