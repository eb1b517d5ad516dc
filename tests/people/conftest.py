import pytest

from tests.people.body import Body, body_names

#: The lightest and the heaviest, the youngest and the oldest.
FAR_APART = ("woman-20-light", "woman-35-heavy", "woman-65-light", "man-35-heavy", "man-60-heavy")


@pytest.fixture(params=FAR_APART)
def body(request: pytest.FixtureRequest) -> Body:
    """Each of a few bodies that differ the most."""
    return Body.load(request.param)


@pytest.fixture(params=body_names())
def any_body(request: pytest.FixtureRequest) -> Body:
    """Each of all bodies."""
    return Body.load(request.param)
