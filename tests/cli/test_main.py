import json
import resource
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from tests.cli.stage import run
from wharf import __version__
from wharf.cli.exit_codes import TABLE
from wharf.cli.main import root
from wharf.cli.verbs import Verbs
from wharf.errors import BlobUnknown, StoreBusy, StoreFull, WharfError

WHARF = (sys.executable, "-m", "wharf")
MOST_STARTS = 12
"""Our start, in starts of a Python that does nothing; it takes four to five."""


def commands(group: Verbs, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The words of every command, groups included."""
    found = [path]
    for name in group.verbs:
        command = group.get_command(click.Context(group), name)
        found += commands(command, (*path, name)) if isinstance(command, Verbs) else [(*path, name)]
    return found


def raising(error: BaseException) -> click.Command:
    def callback() -> None:
        raise error

    return click.Command("verb", callback=callback)


def completed(words: list[str], start: str) -> list[str]:
    return [item.value for item in ShellComplete(root, {}, "wharf", "_WHARF_COMPLETE").get_completions(words, start)]


def test_the_version_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, ["--version"]).code == 0
    assert capsys.readouterr().out == f"wharf {__version__}\n"


@pytest.mark.parametrize("words", commands(root), ids=" ".join)
def test_the_help_of_every_command_has_an_example(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, [*words, "--help"]).code == 0
    shown = capsys.readouterr().out
    assert "\n    wharf " in shown.partition("Example")[2]
    assert max(map(len, shown.splitlines())) <= 80


def test_help_names_every_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, ["--help"])
    shown = capsys.readouterr().out
    assert [row.name for row in TABLE if f"{row.code:>3}  {row.name}: {row.meaning}" not in shown] == []


def test_help_tells_how_a_shell_completes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, ["--help"])
    assert 'eval "$(_WHARF_COMPLETE=bash_source wharf)"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "start", "expected"),
    [
        ([], "se", ["search", "serve"]),
        (["admin"], "g", ["gc"]),
        (["serve"], "--tls", ["--tls-cert", "--tls-key"]),
    ],
)
def test_a_shell_can_complete(words: list[str], start: str, expected: list[str]) -> None:
    assert expected == completed(words, start)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serv"], "No such command 'serv'. Did you mean serve?"),
        (["admin", "gcc"], "No such command 'gcc'."),
        (["xyz"], "No such command 'xyz'."),
        (["serve", "--listne", "5000"], "No such option '--listne'."),
        (["serve", "--listen"], "Option '--listen' requires an argument."),
        (["serve", "5000"], "Got unexpected extra argument (5000)"),
    ],
)
def test_a_command_line_that_cannot_be_read_ends_with_2(tmp_path: Path, words: list[str], said: str) -> None:
    outcome = run(tmp_path, words)
    assert outcome.code == 2
    assert said in outcome.err


def test_a_command_that_ends_well_ends_with_0(tmp_path: Path) -> None:
    assert run(tmp_path, [], command=click.Command("verb", callback=lambda: None)).code == 0


def test_an_error_is_explained_and_ends_with_its_code(tmp_path: Path) -> None:
    outcome = run(tmp_path, [], command=raising(StoreBusy("garbage collection")))
    assert (outcome.code, outcome.out) == (5, "")
    assert outcome.err.splitlines() == [
        "error: garbage collection is held by another process",
        "  next: try again when the other one has finished",
    ]


def test_several_errors_are_all_explained(tmp_path: Path) -> None:
    group = ExceptionGroup("two", [BlobUnknown("a/b", "sha256:1"), StoreFull("/srv")])
    outcome = run(tmp_path, [], command=raising(group))
    assert (outcome.code, outcome.err.count("error: ")) == (1, 2)


@pytest.mark.parametrize("others", [[ValueError("a mistake")], [WharfError("x"), ValueError("a mistake")]])
def test_a_mistake_of_ours_is_not_explained_away(tmp_path: Path, others: list[Exception]) -> None:
    with pytest.raises(ExceptionGroup):
        run(tmp_path, [], command=raising(ExceptionGroup("mixed", others)))


def test_an_interrupted_command_ends_with_130(tmp_path: Path) -> None:
    assert run(tmp_path, [], command=raising(KeyboardInterrupt())).code == 130


def test_a_machine_is_told_an_error_as_one_document(tmp_path: Path) -> None:
    command = click.Command("verb", callback=failing_with_json, params=[click.Option(["--json"], is_flag=True)])
    outcome = run(tmp_path, ["--json"], command=command)
    assert outcome.code == 5
    assert json.loads(outcome.out) == {
        "error": {
            "code": "store-busy",
            "cause": "garbage collection is held by another process",
            "evidence": [],
            "nextStep": "try again when the other one has finished",
        }
    }
    assert outcome.err.startswith("error: garbage collection")


def failing_with_json(*, json: bool) -> None:
    raise StoreBusy("garbage collection")


@pytest.mark.parametrize(
    ("words", "code"),
    [(["serv", "--json"], "usage"), (["admin", "gc", "--json", "--data", "/no/such/store"], "setting-refused")],
)
def test_a_machine_is_told_also_what_cannot_be_read(tmp_path: Path, words: list[str], code: str) -> None:
    assert json.loads(run(tmp_path, words).out)["error"]["code"] == code


def test_a_word_behind_the_flags_asks_for_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, ["serv", "--", "--json"]).out == ""


def test_several_errors_are_one_document(tmp_path: Path) -> None:
    inner = ExceptionGroup("inner", [StoreFull("/srv")])
    group = ExceptionGroup("two", [BlobUnknown("a/b", "sha256:1"), inner])

    def fail(**_: object) -> None:
        raise group

    command = click.Command("verb", callback=fail, params=[click.Option(["--json"], is_flag=True)])
    told = json.loads(run(tmp_path, ["--json"], command=command).out)
    assert (told["error"]["code"], [other["code"] for other in told["others"]]) == ("blob-unknown", ["store-full"])


def test_a_reader_that_goes_away_is_no_cause_for_words() -> None:
    with subprocess.Popen([*WHARF, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(), process.stderr.read()) == (1, b"")


def test_the_version_does_not_wait_for_the_verbs() -> None:
    script = "import sys, wharf.cli.main; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {
        "asyncio",
        "sqlite3",
        "ssl",
        "granian",
        "wharf.registry.settings",
        "wharf.cli.server.serve",
        "wharf.cli.server.admin_gc",
    }
    assert heavy & set(done.stdout.split()) == set()


def test_the_version_comes_at_once() -> None:
    """In time on the processor, beside a program that does nothing: how busy or slow the machine is, is no matter."""

    def seconds(*words: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    starts = [(seconds(*WHARF, "--version"), seconds(sys.executable, "-c", "pass")) for _ in range(5)]
    ours, bare = map(min, zip(*starts, strict=True))
    assert ours <= MOST_STARTS * bare, starts
