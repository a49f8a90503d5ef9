import re
import shlex
from pathlib import Path

import click
import pytest

from tests.cases import each
from wharf.cli.main import root
from wharf.doctor.catalogue import known_failures
from wharf.doctor.pattern import Capture

COMMANDS = sorted(
    {command.text for known in known_failures() for cause in known.causes for command in cause.fix.commands}
)


def wharf_commands(text: str) -> list[list[str]]:
    """What stands behind each `wharf` of a command line, as far as it belongs to it."""
    words = shlex.split(text, posix=True)
    starts = [place for place, word in enumerate(words) if word == "wharf"]
    return [words[start + 1 :] for start in starts]


@pytest.mark.parametrize("text", [text for text in COMMANDS if "wharf " in text])
def test_what_the_catalogue_tells_to_type_is_understood(text: str, tmp_path: Path) -> None:
    for file in ("key.json", "ca.crt"):
        (tmp_path / file).write_text("{}")
        text = text.replace(f" {file}", f" {tmp_path / file}")
    for capture in Capture:
        text = text.replace(f"{{{capture.label}}}", "registry.example")
    for verb, *arguments in wharf_commands(text):
        with click.Context(root) as context:
            command = root.get_command(context, verb)
            assert command is not None
            command.make_context(verb, arguments, parent=context)


@each("text", COMMANDS)
def test_nothing_is_opened_to_everybody(text: str) -> None:
    assert not re.search(r"chmod (?:-R )?(?:[0-7]*[67][67]6|[0-7]*777|[ao]+\+\S*w)|setenforce 0|--insecure\b", text)
