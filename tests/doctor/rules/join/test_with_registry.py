"""What the rules about the way say where somebody looked into the registry."""

import pytest

from tests.doctor.repositories import HISTORY, SHA
from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Severity
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join import platform_not_built, stale_image, tag_never_pushed, tag_not_in_registry
from wharf.doctor.way.holdings import HeldRepository, HeldTag, Holdings
from wharf.errors import Unreachable
from wharf.formats.files import WrittenFiles
from wharf.oci.platform import Platform

APP = "ghcr.io/acme/app"
WORKFLOW = f"""
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: {APP}:latest,{APP}:${{{{ github.sha }}}}
"""


def found(rule: Rule, image: str, *held: HeldTag, platform: str = "", problem: bool = False) -> list[Severity]:
    line = f"\n    platform: {platform}" if platform else ""
    compose = f"services:\n  app:\n    image: {image}{line}\n"
    files = WrittenFiles({".github/workflows/ci.yml": WORKFLOW, "compose.yml": compose})
    tags, looked_at = tuple(tag.tag for tag in held), {tag.tag: tag for tag in held}
    failed = Unreachable("ghcr.io", "no answer") if problem else None
    holdings = Holdings({APP: HeldRepository(APP, tags, looked_at, failed)})
    return [each.severity or rule.severity for each in rule.check(Checkout(files, HISTORY, holdings))]


def held(tag: str, revision: str = SHA, platform: str = "linux/amd64") -> HeldTag:
    return HeldTag(tag, "sha256:ab", (Platform.parse(platform),), revision)


def test_a_tag_that_is_not_there_is_an_error() -> None:
    assert [Severity.ERROR] == found(tag_not_in_registry.RULE, f"{APP}:latest", held(SHA))


def test_a_tag_that_is_there_is_none() -> None:
    assert [] == found(tag_not_in_registry.RULE, f"{APP}:latest", held("latest"))


def test_a_registry_that_does_not_answer_says_nothing() -> None:
    assert [] == found(tag_not_in_registry.RULE, f"{APP}:latest", problem=True)


def test_a_tag_that_nobody_pushes_and_nobody_holds_is_surely_missing() -> None:
    assert [Severity.ERROR] == found(tag_never_pushed.RULE, f"{APP}:1.0", held("latest"))


def test_a_tag_that_nobody_pushes_any_more_may_still_be_held() -> None:
    assert [] == found(tag_never_pushed.RULE, f"{APP}:1.0", held("1.0"))


@pytest.mark.parametrize(("tag", "severity"), [(SHA, Severity.WARNING), ("latest", Severity.NOTE)])
def test_an_image_of_another_commit_is_stale(tag: str, severity: Severity) -> None:
    assert [severity] == found(stale_image.RULE, f"{APP}:{tag}", held(tag, revision="0" * 40))


def test_an_image_of_this_commit_is_not() -> None:
    assert [] == found(stale_image.RULE, f"{APP}:latest", held("latest"))


@pytest.mark.parametrize(("platform", "findings"), [("linux/arm64", 1), ("linux/amd64", 0)])
def test_a_platform_that_is_held_will_do(platform: str, findings: int) -> None:
    assert findings == len(found(platform_not_built.RULE, f"{APP}:latest", held("latest"), platform=platform))
