"""Dockerfiles that were made to take for ever, and do not."""

import pytest

from wharf.errors import MalformedFile
from wharf.formats.dockerfile.parse import parse_dockerfile
from wharf.formats.dockerfile.scopes import Scopes
from wharf.formats.hole import Unknown
from wharf.formats.text import Text


def scopes(content: str) -> Scopes:
    return Scopes(parse_dockerfile(Text.of_file("Dockerfile", content)))


def test_a_variable_that_doubles_itself_is_given_up() -> None:
    doubled = "FROM scratch\nENV A=xxxxxxxxxxxxxxxx\n" + "ENV A=$A$A\n" * 60 + "RUN x\n"
    last = list(scopes(doubled).seen())[-1]
    assert {Unknown.TOO_MUCH} == {hole.reason.kind for hole in last.variables["A"].holes}


def test_defaults_within_defaults_are_given_up() -> None:
    deep = "${A:-" * 60 + "x" + "}" * 60
    found = scopes(f"ARG B={deep}\nFROM a:$B\n")
    assert found.base(found.dockerfile.stages[0]).text.holes


@pytest.mark.slow
@pytest.mark.parametrize("many", ["RUN x\n" * 6_000, "FROM a\n" * 400])
def test_more_than_anybody_writes_is_refused(many: str) -> None:
    with pytest.raises(MalformedFile):
        scopes("FROM a\n" + many)


def test_lists_within_lists_are_no_list_of_words() -> None:
    (instruction,) = scopes("FROM a\nCMD " + "[" * 5_000 + "\n").dockerfile.stages[0].instructions
    assert not instruction.is_json
