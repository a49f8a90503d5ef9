from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.github.metadata.described import PULL, PUSH, SHA, TAG, metadata, names, pushed_branch, pushed_tag
from wharf.formats.event import Event
from wharf.formats.github.metadata.action import describe
from wharf.formats.hole import Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text

_VERSIONS = "type=semver,pattern={{version}}\ntype=semver,pattern={{major}}.{{minor}}\ntype=semver,pattern={{major}}\n"
_SCHEDULE = replace(PUSH, name="schedule")


@pytest.mark.parametrize(
    ("event", "tags", "flavor", "expected"),
    [
        (PUSH, "", "", ["main"]),
        (PUSH, "type=sha", "", ["sha-453a654"]),
        (PUSH, "type=sha,format=long", "", [f"sha-{SHA}"]),
        (PUSH, "type=sha,format=long,prefix=", "", [SHA]),
        (PUSH, f"type=raw,value={SHA}", "", [SHA]),
        (PUSH, "type=sha,prefix={{branch}}-", "", ["main-453a654"]),
        (PULL, "type=sha,prefix={{branch}}-", "", ["-453a654"]),
        (TAG, "type=sha,prefix={{branch}}-", "", ["-453a654"]),
        (
            pushed_branch("feature/a_b#1"),
            "type=ref,event=branch\ntype=sha,prefix={{branch}}-",
            "",
            ["feature-a_b-1", "feature-a_b-1-453a654"],
        ),
        (TAG, "", "", ["v1.2.3", "latest"]),
        (pushed_tag("v2.0.8-beta.67"), "", "", ["v2.0.8-beta.67", "latest"]),
        (TAG, f"{_VERSIONS}type=sha", "", ["1.2.3", "1.2", "1", "sha-453a654", "latest"]),
        (pushed_tag("v1.2.3-rc.1"), f"{_VERSIONS}type=sha", "", ["1.2.3-rc.1", "sha-453a654"]),
        (pushed_tag("v1.2"), f"{_VERSIONS}type=sha", "", ["sha-453a654"]),
        (pushed_tag("v0.1.2"), f"{_VERSIONS}type=sha", "", ["0.1.2", "0.1", "0", "sha-453a654", "latest"]),
        (TAG, "type=raw,value=stable,priority=1000\ntype=semver,pattern={{version}}", "", ["stable", "1.2.3"]),
        (
            TAG,
            "type=semver,pattern={{version}}\ntype=sha\ntype=raw,value=x,suffix=",
            "prefix=app-,onlatest=true\nsuffix=-alpine",
            ["app-1.2.3-alpine", "app-x", "sha-453a654-alpine", "app-latest"],
        ),
        (TAG, "type=semver,pattern={{version}}", "suffix=-alpine,onlatest=true", ["1.2.3-alpine", "latest-alpine"]),
        (PUSH, "type=sha", "latest=true", ["sha-453a654", "latest"]),
        (pushed_tag("p1/v1.2.3"), r"type=match,pattern=v(\d+\.\d+),group=1", "", ["1.2", "latest"]),
        (pushed_branch("dev"), "type=edge\ntype=sha", "", ["sha-453a654"]),
        (_SCHEDULE, "", "", ["nightly", "main"]),
        (PULL, "type=ref,event=pr\ntype=sha", "", ["pr-12", "sha-453a654"]),
        (PULL, "type=raw,value={{base_ref}}-{{sha}}", "", ["main-453a654"]),
        (PUSH, "foo", "", ["foo"]),
        (PUSH, "type=raw,bar", "", ["bar"]),
        (PUSH, "type=raw,value=a#b", "", ["a-b"]),
        (PUSH, "type=raw,value=a-{{nope}}-b", "", ["a--b"]),
        (PUSH, _VERSIONS, "", []),
        (pushed_branch("a&b=c'd"), "type=raw,value={{branch}}", "", ["a-amp-b-x3D-c-x27-d"]),
        (pushed_branch("a&b=c'd"), "type=raw,value={{{branch}}}\ntype=ref,event=branch", "", ["a-b-c-d"]),
        (pushed_branch("기능"), "type=ref,event=branch", "", ["-"]),
        (TAG, "type=sha,priority=2000\ntype=semver,pattern={{version}}", "", ["sha-453a654", "1.2.3"]),
        (PUSH, "type=sha", "prefix=app-", ["sha-453a654"]),
        (PUSH, "latest", "latest=true", ["latest", "latest"]),
    ],
)
def test_worked_examples(event: Event, tags: str, flavor: str, expected: list[str]) -> None:
    assert expected == names(metadata(tags, event, flavor=flavor))


def test_a_length_of_short_commits_is_taken_from_the_environment() -> None:
    found = metadata("type=sha\ntype=raw,value=b-{{sha}}", environment={"DOCKER_METADATA_SHORT_SHA_LENGTH": "12"})
    assert ["b-453a6545b97f", "sha-453a6545b97f"] == names(found)


def test_older_releases_know_no_length_of_short_commits() -> None:
    found = metadata("type=sha", release="v5.5.1", environment={"DOCKER_METADATA_SHORT_SHA_LENGTH": "12"})
    assert ["sha-453a654"] == names(found)


def test_before_release_6_a_hash_begins_a_comment_anywhere() -> None:
    assert ["a"] == names(metadata("type=raw,value=a#b", release="v5"))


def test_the_head_of_a_pull_request_is_taken_when_it_is_asked_for() -> None:
    found = metadata("type=sha", PULL, environment={"DOCKER_METADATA_PR_HEAD_SHA": "true"})
    assert ["sha-fffffff"] == names(found)


def test_images_that_are_switched_off_have_no_tags() -> None:
    found = metadata("foo", images="ghcr.io/Org/App\nname=docker.io/org/app,enable=false")
    assert ["ghcr.io/org/app:foo"] == [tag.value for tag in found.tags]


def test_one_line_with_commas_is_a_list_of_images() -> None:
    assert ["a:x", "b:x"] == [tag.value for tag in metadata("x", images="a,B").tags]


def test_without_images_tags_stand_alone() -> None:
    assert ["main"] == [tag.value for tag in metadata("", images="").tags]


def test_the_version_is_the_first_tag() -> None:
    found = metadata("type=sha\ntype=raw,value=latest")
    assert (Text.known("latest"), Text.known("latest")) == (found.version, found.outputs["version"])


def test_tags_stand_where_their_lines_stand_and_images_where_theirs_do() -> None:
    image, _, name = metadata("type=ref,event=branch\ntype=sha,format=long", images="acme/app").tags[1].pieces[:3]
    assert (Span("images.txt", 1, 1, 1, 9), 2) == (image.span, name.span.line if name.span else None)


def test_a_value_stands_where_it_is_written() -> None:
    assert Span("tags.txt", 1, 16, 1, 23) == metadata("type=raw,value=nightly").tags[0].pieces[-1].span


def test_a_hole_stays_a_hole_in_the_tag_that_it_reaches() -> None:
    tags = Text.known("type=raw,value=v") + Text.unknown(Unknown.INPUT, "version")
    assert ["v‹version›"] == names(metadata(tags))


def test_a_hole_in_an_image_keeps_the_rest_of_it() -> None:
    images = Text.unknown(Unknown.VARIABLE, "REGISTRY") + Text.known("/Acme/App")
    assert ["‹REGISTRY›/acme/app:x"] == [tag.shown for tag in metadata("x", images=images).tags]


def test_a_tag_that_is_enabled_by_a_hole_is_not_decided() -> None:
    tags = Text.known("type=sha\ntype=raw,value=x,enable=") + Text.unknown(Unknown.INPUT, "extra")
    found = metadata(tags)
    assert ["sha-453a654"] == names(found)
    assert ["acme/app:x"] == [tag.shown for tag in found.perhaps]
    assert ["extra"] == [hole.reason.subject for hole in found.undecided]


def test_latest_is_not_decided_where_the_tag_that_decides_is_not() -> None:
    tags = Text.known("type=semver,pattern={{version}}\ntype=raw,priority=2000,value=x,enable=") + Text.unknown(
        Unknown.INPUT, "extra"
    )
    found = metadata(tags, TAG)
    assert (["1.2.3"], ["acme/app:x", "acme/app:latest"]) == (names(found), [tag.shown for tag in found.perhaps])
    assert found.version is not None
    assert found.version.holes


def test_a_version_out_of_a_hole_is_not_decided() -> None:
    tags = Text.known("type=semver,pattern={{version}},value=") + Text.unknown(Unknown.INPUT, "version")
    found = metadata(tags)
    assert ([], ["acme/app:‹version›", "acme/app:latest"]) == (names(found), [tag.shown for tag in found.perhaps])


def test_a_line_that_is_a_hole_is_said_to_be_undecided() -> None:
    found = metadata(Text.unknown(Unknown.OUTPUT, "steps.tags.outputs.list"))
    assert ["steps.tags.outputs.list"] == [hole.reason.subject for hole in found.undecided]


def test_a_step_that_fails_says_why() -> None:
    assert "Invalid value for enable attribute: yes" == metadata("type=sha,enable=yes").failure


def test_a_value_that_is_no_version_is_a_warning() -> None:
    assert ("v1.2 is not a valid semver",) == metadata("type=semver,pattern={{version}}", pushed_tag("v1.2")).warnings


def test_outputs_are_as_steps_after_it_find_them() -> None:
    found = metadata("type=sha\ntype=ref,event=branch", labels="maintainer=acme", sep_tags=",")
    assert Text.known("acme/app:main,acme/app:sha-453a654") == found.outputs["tags"]
    assert Text.known("main,sha-453a654") == found.outputs["tag-names"]
    assert found.outputs["json"].flat.startswith('{"tags":["acme/app:main","acme/app:sha-453a654"],"tag-names":')
    assert Text.known("acme") == found.labels["maintainer"]
    assert Text.known(SHA) == found.labels["org.opencontainers.image.revision"]
    assert found.outputs["tags"] == found.environment["DOCKER_METADATA_OUTPUT_TAGS"]


def test_outputs_may_be_kept_out_of_the_environment() -> None:
    assert {} == metadata("", environment={"DOCKER_METADATA_SET_OUTPUT_ENV": "false"}).environment


def test_a_pull_request_of_a_stranger_has_a_number_that_is_not_known() -> None:
    event = replace(PUSH, name="pull_request_target", base_ref="main")
    assert ["pr-‹github.event.number›"] == names(metadata("type=ref,event=pr", event))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tags", "images"),
    [
        ("a\n" * 100_000, "acme/app"),
        ("a\n" * 600, "acme/app"),
        ("x", "a," * 50_000),
        ("\n".join(f"t{at}" for at in range(400)), "\n".join(f"acme/a{at}" for at in range(400))),
    ],
)
def test_too_much_is_not_described(tags: str, images: str) -> None:
    found = metadata(tags, images=images)
    assert ((), [Unknown.TOO_MUCH]) == (found.tags, [hole.reason.kind for hole in found.undecided])


def test_patterns_that_would_not_end_are_not_decided() -> None:
    found = metadata(f"type=match,pattern=(a+)+$,value={'a' * 60}b\n" * 50)
    assert [Unknown.TOO_MUCH] * 50 == [hole.reason.kind for hole in found.undecided]


_WORDS = st.sampled_from(
    [
        "type=",
        "raw",
        "sha",
        "semver",
        ",",
        "=",
        "value=",
        "{{",
        "}}",
        "branch",
        '"',
        "\n",
        "#",
        " ",
        "pattern=",
        "(",
        "*",
    ]
)


@settings(max_examples=100)
@given(st.lists(_WORDS, max_size=12), st.lists(_WORDS, max_size=6))
def test_whatever_is_written_is_described(tags: list[str], flavor: list[str]) -> None:
    found = metadata("".join(tags), flavor="".join(flavor))
    assert (found.failure is None) or not found.tags


@settings(max_examples=50)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_characters_are_described(tags: str, images: str) -> None:
    describe({"tags": Text.known(tags), "images": Text.known(images)}, TAG, "v5", {})
