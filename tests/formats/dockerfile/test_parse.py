"""Dockerfiles, read as BuildKit reads them, each word with its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedFile
from wharf.formats.dockerfile.parse import parse_dockerfile
from wharf.formats.dockerfile.tree import Dockerfile, Instruction
from wharf.formats.span import Span
from wharf.formats.text import Text

SOMETHING = st.text(alphabet="FROMfrom abRUNCOPYEVasx:/$={}\"'\\`#<-[],\n\t", max_size=80)


def read(content: str) -> Dockerfile:
    return parse_dockerfile(Text.of_file("Dockerfile", content))


def second(content: str) -> Instruction:
    return read(f"FROM scratch\n{content}").instructions[1]


def said(instruction: Instruction) -> list[str]:
    return [word.flat for word in instruction.words]


def test_lines_are_continued_past_comments_and_blank_lines() -> None:
    instruction = second("RUN a && \\\n  # why\n\n  b\n")
    assert ["a", "&&", "b"] == said(instruction)
    assert Span("Dockerfile", 5, 3, 5, 4) == instruction.words[-1].span
    assert (2, 5) == (instruction.span.line, instruction.span.end_line)


def test_a_blank_line_within_an_instruction_is_remembered() -> None:
    assert [3] == [span.line for span in read("FROM scratch\nRUN a \\\n\n b\n").empty_continuations]


def test_a_backslash_before_the_last_one_continues_nothing() -> None:
    assert ["a", "b\\\\"] == said(second("RUN a b\\\\\nRUN c"))


def test_the_escape_character_can_be_a_backtick() -> None:
    read_one = read("# escape=`\nFROM scratch\nCOPY a `\n  C:\\\n")
    assert ["a", "C:\\"] == said(read_one.instructions[1])


def test_directives_stand_at_the_beginning_only() -> None:
    found = read("# syntax=docker/dockerfile:1\n# check=skip=all\n\n# escape=`\nFROM scratch\n")
    assert ["syntax", "check"] == [directive.name for directive in found.directives]
    assert ["escape"] == [directive.name for directive in found.late_directives]
    assert ("\\", "skip=all") == (found.escape, found.checks)


def test_flags_come_before_the_words() -> None:
    instruction = second('COPY --from=build --chown="a b" --link x y')
    assert [("from", "build"), ("chown", "a b"), ("link", None)] == [
        (flag.name, flag.value.flat if flag.value else None) for flag in instruction.flags
    ]
    assert ["x", "y"] == said(instruction)


@pytest.mark.parametrize("list_form", ['["a b", "c"]', '[ "a b" ,"c" ]', '["a\\u0020b", "c"]'])
def test_a_json_list_is_its_members(list_form: str) -> None:
    instruction = second(f"COPY {list_form}")
    assert instruction.is_json
    assert ["a b", "c"] == said(instruction)


def test_what_is_no_list_of_strings_is_a_command_for_the_shell() -> None:
    assert not second("CMD ['a', 'b']").is_json


def test_a_heredoc_goes_up_to_its_word() -> None:
    instruction = second("RUN <<EOF cat > /x\na $B\nEOF\nRUN c")
    assert [("EOF", "a $B", True)] == [(each.name, each.content.flat, each.expands) for each in instruction.heredocs]
    assert 4 == instruction.span.end_line


def test_a_quoted_heredoc_expands_nothing_and_a_dash_allows_tabs() -> None:
    instruction = second("COPY <<-'A' <<B /x/\n\ta\n\tA\nb\nB\n")
    assert [("A", "\ta", False), ("B", "b", True)] == [
        (each.name, each.content.flat, each.expands) for each in instruction.heredocs
    ]


def test_a_comparison_in_a_shell_is_no_heredoc() -> None:
    assert not second('RUN echo $((1<<2)) "<<EOF"').heredocs


@pytest.mark.parametrize(
    ("written", "assigned"),
    [
        ("ENV A=1 B='x y'", [("A", "1"), ("B", "'x y'")]),
        ("ENV A b c", [("A", "b c")]),
        ("ARG A B=2", [("A", None), ("B", "2")]),
        ("LABEL a.b=c\\ d", [("a.b", "c\\ d")]),
    ],
)
def test_names_and_values(written: str, assigned: list[tuple[str, str | None]]) -> None:
    assert assigned == [
        (each.name.flat, each.value.flat if each.value is not None else None) for each in second(written).assignments
    ]


def test_a_trigger_and_a_check_hold_another_instruction() -> None:
    assert ["COPY", "CMD"] == [
        each.trigger.name
        for written in ("ONBUILD COPY . /a", "HEALTHCHECK --interval=1s CMD x")
        if (each := second(written)).trigger
    ]


def test_stages_are_found_by_name_and_number() -> None:
    found = read("ARG V=1\nFROM a:$V AS Build\nRUN x\nFROM b\n")
    assert ["V"] == [argument.name.flat for argument in found.arguments]
    assert [0, 0, 1, None] == [
        stage.index if (stage := found.stage(name)) else None for name in ("build", "0", "1", "2")
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", 1),
        ("# nothing\n", 1),
        ("FROM a\nRUNN b\n", 2),
        ("RUN a\nFROM b\n", 1),
        ("ARG A\n", 1),
        ("FROM\n", 1),
        ("FROM a b\n", 1),
        ("FROM a AS 1\n", 1),
        ("FROM a\nCOPY b\n", 2),
        ("FROM a\nENV b\n", 2),
        ("FROM a\nENV b=1 c\n", 2),
        ("FROM a\nRUN <<X\nb\n", 2),
        ("# escape=x\nFROM a\n", 1),
        ("# escape=`\n# escape=`\nFROM a\n", 2),
        ("FROM a\nHEALTHCHECK x\n", 2),
        ("FROM a\nSHELL x\n", 2),
        ("FROM a\nONBUILD NOTHING\n", 2),
    ],
)
def test_what_buildkit_refuses_is_refused_where_it_stands(content: str, line: int) -> None:
    with pytest.raises(MalformedFile) as refused:
        read(content)
    assert line == refused.value.line


@given(SOMETHING.map(lambda text: f"FROM a\n{text}"))
@settings(max_examples=100, deadline=None)
def test_whatever_stands_there_it_is_read_or_refused(content: str) -> None:
    try:
        found = read(content)
    except MalformedFile:
        return
    lines = content.split("\n")
    for instruction in found.instructions:
        assert 1 <= instruction.span.line <= instruction.span.end_line <= len(lines)
        keyword = instruction.keyword.span
        assert keyword
        assert lines[keyword.line - 1][keyword.column - 1 :].startswith(instruction.keyword.flat.split("\n")[0][:1])
