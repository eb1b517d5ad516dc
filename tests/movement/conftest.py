import pytest

from kiosk import Exercise


@pytest.fixture(scope="session")
def squat() -> Exercise:
    from kiosk_overhead_squat import overhead_squat

    return overhead_squat


@pytest.fixture(scope="session")
def push_up() -> Exercise:
    from kiosk_incline_push_up import incline_push_up

    return incline_push_up
