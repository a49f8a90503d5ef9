from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.ways import CI, DEPLOY, IMAGE, LATER, PUSH, SHA, answer, broken, pushed
from wharf.doctor.language import Language
from wharf.doctor.picture.picture import MOST_LANES, Picture, State, Stop, event_in_words, in_two, picture_of
from wharf.doctor.picture.svg import svg_of
from wharf.doctor.way.way import Fate, Turn, Way
from wharf.formats.event import Event
from wharf.formats.hole import Unknown
from wharf.formats.text import Text


def test_a_lane_is_an_event_with_its_jobs_and_where_they_push_to() -> None:
    (lane,) = picture_of(broken()).lanes

    assert ("push to main", "453a654", ((CI, "build"),)) == (lane.event.english, lane.commit, lane.jobs)
    assert [IMAGE] == [berth.name for berth in lane.berths]
    assert lane.is_broken


def test_a_tag_that_is_asked_for_and_not_pushed_stands_among_the_others() -> None:
    (lane,) = picture_of(broken()).lanes

    assert (
        Stop(":latest", State.MET, is_pushed=True, asked_at=(LATER,)),
        Stop(":sha-453a654", State.UNUSED, is_pushed=True),
        Stop(f":{SHA}", State.BROKEN, is_pushed=False, asked_at=(DEPLOY,)),
    ) == lane.berths[0].stops


def test_what_files_ask_for_whatever_happens_has_a_lane_of_its_own() -> None:
    (lane,) = picture_of(Way(standing=(answer("1.0", Fate.HELD),))).lanes

    assert ("whatever happens", ()) == (lane.event.english, lane.jobs)
    assert State.MET is lane.berths[0].stops[0].state


def test_images_of_others_are_not_drawn() -> None:
    assert Picture() == picture_of(Way(standing=(answer("16", Fate.FOREIGN, image="postgres"),)))


def test_where_there_is_no_room_it_is_said_how_much_is_left_out() -> None:
    turns = tuple(Turn(PUSH, (), (pushed("a"),)) for _ in range(MOST_LANES + 2))

    assert 2 == picture_of(Way(turns)).left_out


@pytest.mark.parametrize(
    ("reference", "repository", "tag"),
    [
        (Text.known("localhost:5000/app"), "localhost:5000/app", ""),
        (Text.known("app:1"), "app", ":1"),
        (Text.known("app@sha256:abc"), "app", "@sha256:abc"),
        (Text.known("ghcr.io/a:") + Text.unknown(Unknown.SECRET, "TAG"), "ghcr.io/a", ":‹TAG›"),
    ],
)
def test_a_reference_is_shown_as_repository_and_tag(reference: Text, repository: str, tag: str) -> None:
    assert (repository, tag) == in_two(reference)


@pytest.mark.parametrize(
    ("name", "ref", "said"),
    [
        ("push", "refs/heads/main", "push to main"),
        ("push", "refs/tags/v1", "tag v1"),
        ("release", "refs/tags/v1", "release v1"),
        ("pull_request", "refs/pull/7/merge", "pull request 7"),
        ("merge_group", "refs/heads/q", "merge_group on q"),
    ],
)
def test_an_event_is_said_in_words(name: str, ref: str, said: str) -> None:
    assert said == event_in_words(Event(name, ref, SHA, "a/b", "main", PUSH.now)).english


@pytest.mark.parametrize("language", Language)
def test_the_drawing_shows_both_sides_and_where_it_breaks(language: Language) -> None:
    svg = ET.fromstring(svg_of(picture_of(broken()), language))
    said = " ".join(svg.itertext())

    assert all(text in said for text in ("453a654", "build", ":latest", "scripts/deploy.sh:42", f":{SHA}"))
    assert "#cf222e" in {path.get("stroke") for path in svg.iter("{http://www.w3.org/2000/svg}path")}


def test_a_picture_of_nothing_is_a_drawing_still() -> None:
    assert ET.fromstring(svg_of(Picture(), Language.ENGLISH)).get("viewBox")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_was_read_is_only_text_in_it(name: str, tag: str) -> None:
    way = Way((Turn(PUSH, (), (pushed(tag, name), pushed("<script>"))),))
    svg = ET.fromstring(svg_of(picture_of(way), Language.KOREAN))

    assert {"svg", "title", "style", "path", "rect", "text"} >= {each.tag.rpartition("}")[2] for each in svg.iter()}


def test_what_has_no_tag_is_shown_as_it_is_reached() -> None:
    by_digest = replace(pushed("1"), reference=Text.known(IMAGE), is_by_digest=True)
    untagged = replace(by_digest, is_by_digest=False)
    (lane,) = picture_of(Way((Turn(PUSH, (), (by_digest, untagged), ()),))).lanes
    assert ["@sha256:…", ":latest"] == [stop.tag for stop in lane.berths[0].stops]
