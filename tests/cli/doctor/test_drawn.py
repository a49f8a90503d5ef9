from dataclasses import replace

import pytest

from tests.doctor.ways import IMAGE, PUSH, SHA, broken, pushed
from wharf.cli.doctor.drawn import drawing
from wharf.cli.output import width_of
from wharf.doctor.language import Language
from wharf.doctor.picture.picture import Picture, picture_of
from wharf.doctor.way.way import Turn, Way


def drawn(way: Way, language: Language = Language.ENGLISH) -> list[str]:
    return ["".join(text for text, _ in line) for line in drawing(picture_of(way), language)]


def test_it_shows_what_is_pushed_what_is_asked_for_and_where_it_breaks() -> None:
    assert [
        "push to main 453a654 ─▸ ci-cd.yml › build",
        f"  ─▸ {IMAGE}",
        f"     ● :latest{' ' * 36}◂──── scripts/deploy.sh:58",
        "     ○ :sha-453a654",
        f"     ✕ :{SHA}  ◂─✕── scripts/deploy.sh:42",
    ] == drawn(broken())


def test_what_breaks_is_red() -> None:
    lines = drawing(picture_of(broken()), Language.ENGLISH)
    assert ["red"] == list({colour for line in lines for text, colour in line if "✕" in text})


def test_of_a_break_that_shows_in_several_events_one_is_drawn() -> None:
    (turn,) = broken().turns
    other = replace(turn, event=replace(PUSH, name="workflow_dispatch"))

    assert drawn(broken()) == drawn(Way((turn, other)))


def test_of_many_tags_some_are_drawn() -> None:
    lines = drawn(Way((Turn(PUSH, (), tuple(pushed(f"t{number}") for number in range(20))),)))

    assert "     … 14 more" == lines[-1]


@pytest.mark.parametrize("language", Language)
def test_it_is_never_wider_than_a_terminal(language: Language) -> None:
    way = broken()
    long = Way((Turn(PUSH, (), (*way.pushed, pushed("가" * 90), pushed("x", "ghcr.io/" + "나" * 90)), way.answers),))

    assert all(width_of(line) <= 80 for line in drawn(long, language))


def test_of_nothing_there_is_nothing() -> None:
    assert [] == list(drawing(Picture(), Language.ENGLISH))
