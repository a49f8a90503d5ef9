"""What files hold cannot speak to the CI system in whose log it is shown."""

import json
from io import StringIO
from pathlib import Path

import pytest

from wharf.cli.log_commands import without_commands
from wharf.cli.output import Output
from wharf.cli.surroundings import Surroundings

ACTIONS = {"GITHUB_ACTIONS": "true"}


def shown(text: str, environ: dict[str, str]) -> str:
    out = StringIO()
    Output(Surroundings(environ, out, StringIO(), Path())).line(text)
    return out.getvalue()


@pytest.mark.parametrize("text", ["::error::x", "  ::set-output name=a::b", "a\n \u00a0::add-mask::b"])
def test_no_line_begins_as_a_command(text: str) -> None:
    assert not any(line.strip().startswith("::") for line in without_commands(text).split("\n"))


@pytest.mark.parametrize("text", ["a ##[set-output name=a]b", "###[error]x", "##vso[task.setvariable variable=a]b"])
def test_no_line_holds_one(text: str) -> None:
    assert not any(each in without_commands(text) for each in ("##[", "##vso["))


@pytest.mark.parametrize("text", ["std::string", "# [a]", "## heading", "a::b", "[##]"])
def test_what_is_none_stays(text: str) -> None:
    assert text == without_commands(text)


def test_people_see_no_difference() -> None:
    assert "  ::error::x" == shown("  ::error::x", ACTIONS).replace("\u200b", "").rstrip("\n")


def test_where_no_system_reads_along_it_stays() -> None:
    assert "  ::error::x\n" == shown("  ::error::x", {})


def test_json_says_the_same_without_one() -> None:
    out = StringIO()
    Output(Surroundings(ACTIONS, out, StringIO(), Path())).json({"a": "##[error]x ###[b]"})

    assert "##[" not in out.getvalue()
    assert {"a": "##[error]x ###[b]"} == json.loads(out.getvalue())
