"""Two results side by side: values, whether a difference is real, and the pictures."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

MEMBER = "5f" * 32


def with_value(desk: Any, slug: str, value: float) -> list[dict[str, Any]]:
    checks = copy.deepcopy(desk.report["checks"])
    for one in checks:
        if one["slug"] == slug:
            one["value"] = value
    return checks


def test_a_change_beyond_the_error_is_named_and_stands_first(desk: Any, trainer: Any) -> None:
    then = desk.store(MEMBER, ago=timedelta(days=14), checks=with_value(desk, "forward-lean", 70.0))
    now = desk.store(MEMBER)
    page = trainer.text(f"/trainer/compare?id={now}&id={then}")
    assert "Nearer to the limit&#39;s good side, by more than the error" in page
    assert page.index("Chest leans far forward") < page.index("Arms fall forward")
    assert "70°" in page
    assert page.index(f"/trainer/result/{then}") < page.index(f"/trainer/result/{now}")


def test_a_change_within_the_error_is_called_none(desk: Any, trainer: Any) -> None:
    then = desk.store(MEMBER, ago=timedelta(days=14), checks=with_value(desk, "forward-lean", 55.0))
    page = trainer.text(f"/trainer/compare?id={then}&id={desk.store(MEMBER)}")
    assert "by more than the error" not in page
    assert "No change that is larger than the error" in page


def test_the_same_check_is_drawn_twice_side_by_side(desk: Any, trainer: Any) -> None:
    page = trainer.text(f"/trainer/compare?id={desk.store()}&id={desk.store()}")
    pair = page[page.index("Knees move inward") :]
    assert pair[: pair.index("</li>")].count("<svg") == 2


def test_two_people_may_be_two_people(desk: Any, trainer: Any) -> None:
    doubt = "does not know whether this is the same person"
    assert doubt in trainer.text(f"/trainer/compare?id={desk.store(MEMBER)}&id={desk.store()}")
    assert doubt not in trainer.text(f"/trainer/compare?id={desk.store(MEMBER)}&id={desk.store(MEMBER)}")


def test_two_exercises_are_shown_and_not_compared(desk: Any, trainer: Any) -> None:
    other = desk.store(exercise="incline-push-up")
    page = trainer.text(f"/trainer/compare?id={desk.store()}&id={other}")
    assert "These are two different exercises." in page
    assert "larger than the error" not in page


def test_a_check_that_only_one_has_is_shown_beside_nothing(desk: Any, trainer: Any) -> None:
    less = desk.store(checks=[one for one in desk.report["checks"] if one["slug"] != "knees-in"])
    page = trainer.text(f"/trainer/compare?id={less}&id={desk.store()}")
    pair = page[page.index("Knees move inward") :]
    assert "Not assessed" in pair[: pair.index("</li>")]


def test_one_or_three_results_ask_for_two(desk: Any, trainer: Any) -> None:
    keys = [desk.store() for _ in range(3)]
    for chosen in (keys, keys[:1], [keys[0], keys[0]], []):
        answer = trainer.client.get("/trainer/compare", query_string={"id": chosen})
        assert answer.headers["Location"] == "/trainer/"
    assert "Choose two results to compare" in trainer.text("/trainer/")


def test_a_result_that_is_gone_is_not_found(desk: Any, trainer: Any) -> None:
    trainer.text(f"/trainer/compare?id={desk.store()}&id=gone", 404)
