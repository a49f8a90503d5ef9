from tests.doctor.repositories import ROOT, checkout_in
from wharf.doctor.rules.join.pushed_and_never_asked_for import RULE


def told(name: str) -> list[str]:
    return [each.message.english for each in RULE.check(checkout_in(ROOT / "defects" / name))]


def test_a_tag_that_nobody_asks_for_is_told() -> None:
    (said,) = told("hamalog-3")

    assert said.startswith("CI pushes `ghcr.io/acme/hamalog-backend:latest` on a push to main")


def test_what_is_taken_where_another_is_missing_is_asked_for() -> None:
    assert [] == told("hamalog-4")
