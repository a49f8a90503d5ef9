"""Which variables an instruction sees."""

from collections.abc import Mapping

from wharf.formats.dockerfile.parse import parse_dockerfile
from wharf.formats.dockerfile.scopes import Scopes, Seen, expanded_words
from wharf.formats.text import Text


def scopes(content: str, passed: Mapping[str, str] | None = None) -> Scopes:
    known = {name: Text.known(value) for name, value in (passed or {}).items()}
    return Scopes(parse_dockerfile(Text.of_file("Dockerfile", content)), known)


def last(content: str, passed: Mapping[str, str] | None = None) -> Seen:
    return list(scopes(content, passed).seen())[-1]


def values(seen: Seen) -> dict[str, str]:
    return {name: text.flat for name, text in seen.variables.items()}


def test_a_from_sees_the_arguments_before_it() -> None:
    found = scopes("ARG V=1\nARG W=$V.2\nFROM a:$W\n")
    assert "a:1.2" == found.base(found.dockerfile.stages[0]).text.flat


def test_what_is_passed_replaces_the_default() -> None:
    found = scopes("ARG V=1\nFROM a:$V\n", {"V": "3"})
    assert "a:3" == found.base(found.dockerfile.stages[0]).text.flat


def test_a_stage_sees_an_outer_argument_only_after_naming_it() -> None:
    assert {"V"} == last("ARG V=1\nFROM a\nRUN x\n").unnamed
    assert {"V": "1"} == values(last("ARG V=1\nFROM a\nARG V\nRUN x\n"))


def test_variables_are_inherited_from_the_stage_below_and_arguments_are_not() -> None:
    seen = last("FROM scratch AS base\nARG A=1\nENV B=$A\nFROM base\nRUN x\n")
    assert {"B": "1"} == values(seen)
    assert seen.knows_base


def test_a_variable_is_stronger_than_an_argument() -> None:
    assert {"A": "2"} == values(last("FROM a\nENV A=2\nARG A=1\nRUN x\n"))


def test_the_platform_is_not_known() -> None:
    found = scopes("FROM a-$TARGETARCH\n")
    assert found.base(found.dockerfile.stages[0]).text.holes


def test_a_shell_replaces_its_variables_by_itself() -> None:
    assert () == expanded_words(last("FROM a\nRUN echo $A\n"))
    assert ["a$B", "c"] == [word.flat for word in expanded_words(last("FROM a\nCOPY a$B c\n"))]
