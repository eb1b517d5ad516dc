"""How often something may be asked for."""

import pytest
from werkzeug.exceptions import TooManyRequests

from kiosk.web.rate import Rate


def test_an_address_has_its_own_limit_and_is_told_how_long_to_wait() -> None:
    rate = Rate("test", "2/minute", "100/minute")
    rate.count("a")
    rate.count("a")
    with pytest.raises(TooManyRequests) as refused:
        rate.count("a")
    assert 1 <= int(dict(refused.value.get_headers())["Retry-After"]) <= 60
    rate.count("b")


def test_all_addresses_together_have_a_limit() -> None:
    rate = Rate("test", "2/minute", "3/minute")
    for address in "abc":
        rate.count(address)
    with pytest.raises(TooManyRequests):
        rate.count("d")


def test_the_tightest_of_several_limits_counts() -> None:
    rate = Rate("test", "2/minute; 3/hour", "100/minute")
    rate.count("a")
    rate.count("a")
    with pytest.raises(TooManyRequests) as refused:
        rate.count("a")
    assert int(dict(refused.value.get_headers())["Retry-After"]) <= 60


def test_two_kinds_of_request_do_not_share_their_count() -> None:
    one, other = Rate("one", "1/minute", "9/minute"), Rate("other", "1/minute", "9/minute")
    one.count("a")
    other.count("a")
