"""The address that phones open: what the owner says, else what the network interface says, else none."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from kiosk.web import address
from kiosk.web.address import base_url, network_address


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "localhost", "::1"])
def test_pages_for_this_machine_alone_have_no_address_for_phones(host: str) -> None:
    assert base_url(host, 8080) is None


@pytest.mark.parametrize(
    ("host", "port", "wish", "found"),
    [
        ("192.168.1.20", 8080, None, "http://192.168.1.20:8080"),
        ("192.168.1.20", 80, None, "http://192.168.1.20"),
        ("fd00::20", 8080, None, "http://[fd00::20]:8080"),
        ("0.0.0.0", 8080, "kiosk.local", "http://kiosk.local:8080"),
        ("0.0.0.0", 8080, "kiosk.local:81", "http://kiosk.local:81"),
        ("127.0.0.1", 8080, "https://scan.gym.example/", "https://scan.gym.example"),
        ("0.0.0.0", 8080, "fd00::20", "http://[fd00::20]:8080"),
        ("0.0.0.0", 8080, "[fd00::20]:81", "http://[fd00::20]:81"),
    ],
)
def test_the_address_follows_from_what_was_set(host: str, port: int, wish: str | None, found: str) -> None:
    assert base_url(host, port, wish) == found


def test_every_address_means_that_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "network_address", lambda: "10.1.2.3")
    assert base_url("0.0.0.0", 8080) == base_url("::", 8080) == "http://10.1.2.3:8080"


def test_without_a_network_there_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_interfaces", lambda: iter(()))
    assert network_address() is None
    assert base_url("0.0.0.0", 8080) is None


def test_without_a_way_to_the_internet_the_address_is_found_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "_interfaces", lambda: iter([("wlan0", "192.168.4.1"), ("eth0", "10.0.0.9")]))
    monkeypatch.setattr(address, "_ROUTES", tmp_path / "none")
    assert network_address() == "192.168.4.1"


def test_the_interface_with_the_way_out_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = tmp_path / "route"
    routes.write_text("Iface\tDestination\tGateway\nwlan0\t0004A8C0\t0\neth0\t00000000\t0100000A\n", encoding="ascii")
    monkeypatch.setattr(address, "_ROUTES", routes)
    monkeypatch.setattr(address, "_interfaces", lambda: iter([("wlan0", "192.168.4.1"), ("eth0", "10.0.0.9")]))
    assert network_address() == "10.0.0.9"


def test_what_this_machine_says_is_no_loopback_address() -> None:
    found = network_address()
    assert found is None or not ipaddress.ip_address(found).is_loopback


def test_networks_inside_the_machine_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address.socket, "if_nameindex", lambda: [(1, "lo"), (2, "docker0"), (3, "veth1a2b")])
    assert network_address() is None
