"""What a script calls, as bash calls it."""

from datetime import UTC, datetime
from functools import cache

import pytest

from tests.formats.shell.bash_oracle import calls_in_bash
from tests.formats.shell.snippets import CERTAIN, CONTROL, FILES, SNIPPETS, VARIABLES
from wharf.formats.event import Event
from wharf.formats.files import WrittenFiles
from wharf.formats.shell.follow import follow
from wharf.formats.shell.known_commands import printed_at
from wharf.formats.shell.ran import Certainty, Followed, Given
from wharf.formats.shell.start import Start
from wharf.formats.text import Text

EVENT = Event("push", "refs/heads/main", "a" * 40, "acme/app", "main", datetime(2026, 1, 2, tzinfo=UTC))
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def in_bash(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, ...]]]:
    calls = calls_in_bash(SNIPPETS, VARIABLES, FILES, tmp_path_factory.mktemp("bash"))
    return {
        script: list(dict.fromkeys(tuple(call) for call in some)) for script, some in zip(SNIPPETS, calls, strict=True)
    }


@cache
def followed(script: str) -> Followed:
    files = WrittenFiles(FILES)
    variables = {name: Text.known(value) for name, value in VARIABLES.items()}
    start = Start(variables=variables, others=Given.UNSET, files=files, printed=printed_at(EVENT, files))
    return follow(Text.of_file("script.sh", script), start)


def calls(script: str, *certainties: Certainty) -> list[tuple[str, ...]]:
    found = [
        tuple(word.shown for word in ran.words[1:])
        for ran in followed(script).ran
        if ran.program == "docker" and ran.certainty in certainties
    ]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("script", CERTAIN)
def test_what_is_certain_is_what_bash_calls(script: str, in_bash: dict[str, list[tuple[str, ...]]]) -> None:
    assert in_bash[script] == calls(script, Certainty.ALWAYS)


@pytest.mark.parametrize("script", CONTROL)
def test_nothing_that_bash_calls_is_missed(script: str, in_bash: dict[str, list[tuple[str, ...]]]) -> None:
    found = calls(script, *Certainty)
    assert in_bash[script] == [call for call in found if call in in_bash[script]]


@pytest.mark.parametrize("script", CONTROL)
def test_all_that_is_certain_is_called(script: str, in_bash: dict[str, list[tuple[str, ...]]]) -> None:
    assert [] == [call for call in calls(script, Certainty.ALWAYS) if call not in in_bash[script]]


@pytest.mark.parametrize("script", SNIPPETS)
def test_nothing_is_undecided(script: str) -> None:
    assert () == followed(script).undecided
