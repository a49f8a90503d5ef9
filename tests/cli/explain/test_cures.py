"""What fixes tell a person to type: verbs and options of wharf that exist, and nothing that opens a door unsaid."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from wharf.cli.main import root
from wharf.doctor.catalogue import known_failures
from wharf.doctor.signature import Cause

CAUSES = [(f"{each.id}/{cause.id}", cause) for each in known_failures() for cause in each.causes]


def of_wharf() -> Iterator[tuple[str, str]]:
    for name, cause in CAUSES:
        for command in cause.fix.commands:
            for part in re.split(r"&&|[|;]", command.text):
                if (found := re.search(r"\bwharf (?!-)[a-z].*", part)) and '"' not in found[0].replace('"$', "$"):
                    yield name, found[0]


@pytest.mark.parametrize(("name", "command"), sorted(set(of_wharf())), ids=lambda one: one[:60])
def test_a_command_of_wharf_has_verbs_and_options_that_exist(name: str, command: str) -> None:
    words = shlex.split(command.partition(" #")[0].replace("'", ""))[1:]
    context = click.Context(root)
    verb = root.get_command(context, words[0])
    assert verb is not None, name
    known = {option for parameter in verb.params for option in parameter.opts} | {"--help", "-h"}
    assert set() == {word.partition("=")[0] for word in words[1:] if word.startswith("-")} - known, name


@pytest.mark.parametrize(("name", "cause"), CAUSES, ids=lambda one: str(one)[:60] if isinstance(one, str) else "")
def test_nothing_is_made_writable_or_readable_for_everybody(name: str, cause: Cause) -> None:
    commands = " ".join(command.text for command in cause.fix.commands)
    assert not re.search(
        r"chmod (?:-R )?(?:[0-7]*[67][67]6|[0-7]*777|[ao]+\+\S*w)|setenforce 0|--insecure\b", commands
    ), name
