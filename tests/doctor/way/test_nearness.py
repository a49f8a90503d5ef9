import pytest

from tests.doctor.way.texts import HERE, SHA, event
from wharf.doctor.way.holdings import HeldRepository, HeldTag
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.nearness import commit_in, near, near_held
from wharf.doctor.way.reference import Pushed
from wharf.doctor.way.way import Gap
from wharf.formats.text import Text


def gaps(asked: str, *pushed: str) -> list[tuple[str, str]]:
    there = [Pushed(Text.known(each), HERE, "docker push", "ci.yml", "build", event()) for each in pushed]
    return [(one.gap.name, one.reference.flat) for one in near(image_name(Text.known(asked)), there, SHA)]


@pytest.mark.parametrize(
    ("asked", "pushed", "gap"),
    [
        (f"r.io/a/b:{SHA}", "r.io/a/b:sha-453a654", Gap.LENGTH_AND_AFFIX),
        (f"r.io/a/b:{SHA}", "r.io/a/b:453a654", Gap.LENGTH),
        ("r.io/a/b:453a6545", "r.io/a/b:453a654", Gap.LENGTH),
        ("r.io/a/b:453a654", "r.io/a/b:main-453a654", Gap.PREFIX),
        ("r.io/a/b:453a654", "r.io/a/b:453a654-alpine", Gap.SUFFIX),
        ("r.io/a/b:v1.2.3", "r.io/a/b:1.2.3", Gap.VERSION_PREFIX),
        ("r.io/a/b:1.2.3", "r.io/a/b:app-1.2.3", Gap.PREFIX),
        ("r.io/a/b:1.2.3", "r.io/a/b:1.2.3-alpine", Gap.SUFFIX),
        ("r.io/a/b:Main", "r.io/a/b:main", Gap.CAPITALS),
        ("r.io/A/b:1", "r.io/a/b:1", Gap.CAPITALS),
        ("r.io/a/app-b:1", "r.io/a/b:1", Gap.REPOSITORY),
        ("r.io/b:1", "r.io/a/b-backend:1", Gap.REPOSITORY),
        ("a/b:1", "ghcr.io/a/b:1", Gap.REGISTRY),
        ("r.io/a/b:next", "r.io/a/b:main", Gap.OTHER),
    ],
)
def test_what_differs_is_named(asked: str, pushed: str, gap: Gap) -> None:
    assert [(gap.name, pushed)] == gaps(asked, pushed)


def test_the_same_commit_is_nearer_than_any_name() -> None:
    assert (
        "r.io/a/b:sha-453a654"
        == gaps(f"r.io/a/b:{SHA}", "r.io/a/b:latest", "r.io/a/b:main", "r.io/a/b:sha-453a654")[0][1]
    )


def test_what_is_no_tag_is_near_to_nothing() -> None:
    assert [] == gaps(f"r.io/a/b:{SHA}", "r.io/a/b:-453a654")


def test_another_image_is_not_near() -> None:
    assert [] == gaps("r.io/a/b:1", "s.io/c/d:1")


def test_the_longest_beginning_of_the_commit_is_found() -> None:
    assert ("sha-", "453a6545", "-arm") == commit_in("sha-453a6545-arm", SHA)
    assert commit_in("sha-453a65", SHA) is None


def test_what_a_registry_holds_is_searched_too() -> None:
    held = HeldRepository("r.io/a/b", ("latest", "sha-453a654"))
    found = near_held(image_name(Text.known(f"r.io/a/b:{SHA}")), held, SHA)

    assert ["r.io/a/b:sha-453a654"] == [one.reference.flat for one in found]


def test_an_image_of_the_same_commit_is_near_whatever_its_tag() -> None:
    looked = {"stable": HeldTag("stable", "sha256:1", revision=SHA), "old": HeldTag("old", "sha256:2", revision="f00")}
    held = HeldRepository("r.io/a/b", ("old", "stable"), looked)
    found = near_held(image_name(Text.known("r.io/a/b:453a6545")), held, SHA)

    assert [("REVISION", "r.io/a/b:stable")] == [(one.gap.name, one.reference.flat) for one in found]
