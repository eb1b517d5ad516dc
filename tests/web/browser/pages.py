"""The pages besides the live one: how they come about, who opens them, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .conftest import PATIENCE_MS
from .stations import PASSWORD, STATES, Station

MEMBER = "member-of-the-tests"


def with_result(kiosk: Station) -> str:
    return kiosk.result().result_id or ""


def shared(kiosk: Station) -> str:
    return f"r/{kiosk.sharing.result_token(with_result(kiosk))}"


def course(kiosk: Station) -> str:
    with_result(kiosk)
    kiosk.weeks(MEMBER)
    return f"m/{kiosk.sharing.member_token(MEMBER)}"


def compared(kiosk: Station) -> str:
    with_result(kiosk)
    first, *_, last = kiosk.weeks(MEMBER)
    return f"trainer/compare?id={last}&id={first}"


#: What a phone opens, and how it comes about.
PHONE_PAGES: dict[str, Callable[[Station], str]] = {
    "phone-looking-on": lambda kiosk: (STATES["scan"](kiosk), "")[1],
    "phone-result": shared,
    "phone-keep": lambda kiosk: f"{shared(kiosk)}/keep",
    "phone-no-link": lambda _: "r/nothing",
    "course": course,
    "course-forget": lambda kiosk: f"{course(kiosk)}/forget",
    "how-sure": lambda _: "how-sure",
    "status": lambda _: "status",
    "nothing-here": lambda _: "no-such-page",
    "trainer-login": lambda _: "trainer/login",
}
#: What the trainer opens once logged in.
TRAINER_PAGES: dict[str, Callable[[Station], str]] = {
    "trainer-visits": lambda kiosk: (course(kiosk), "trainer/")[1],
    "trainer-result": lambda kiosk: f"trainer/result/{with_result(kiosk)}",
    "trainer-member": lambda kiosk: (course(kiosk), f"trainer/member/{MEMBER}")[1],
    "trainer-compare": compared,
    "trainer-delete": lambda kiosk: f"trainer/delete?id={with_result(kiosk)}",
    "trainer-checks": lambda _: "trainer/checks",
    "trainer-check": lambda _: "trainer/checks/overhead-squat/knees-in",
    "trainer-versions": lambda _: "trainer/checks/overhead-squat",
    "trainer-export": lambda _: "trainer/export",
}
#: What the kiosk's own screen opens besides the live page.
OWN_PAGES: dict[str, Callable[[Station], str]] = {
    "own-code": lambda kiosk: (with_result(kiosk), "code")[1],
}


#: All of them, and their whole addresses.
PAGES: dict[str, Callable[[Station], str]] = {
    **{name: lambda kiosk, at=at: kiosk.phone_url + at(kiosk) for name, at in (PHONE_PAGES | TRAINER_PAGES).items()},
    **{name: lambda kiosk, at=at: kiosk.url + at(kiosk) for name, at in OWN_PAGES.items()},
}


@contextmanager
def opened(browser: Any, address: str, kiosk: Station, *, trainer: bool = False) -> Iterator[Any]:
    """A page at an address, in a browser that remembers nothing (but a trainer's login), once the page is loaded."""
    context = browser.new_context(accept_downloads=True)
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        if trainer:
            log_in(page, kiosk)
        page.goto(address, wait_until="load")
        yield page
    finally:
        context.close()


def log_in(page: Any, kiosk: Station) -> None:
    """Log in as the trainer, from a machine on the kiosk's network."""
    page.goto(f"{kiosk.phone_url}trainer/login")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button").click()
    page.wait_for_url(f"{kiosk.phone_url}trainer/")


def in_language(address: str, language: str) -> str:
    """The address of the same page in another language."""
    return f"{address}{'&' if '?' in address else '?'}lang={language}"
