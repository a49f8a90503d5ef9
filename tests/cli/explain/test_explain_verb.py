import json
from io import StringIO
from pathlib import Path

from tests.cli.stage import SLOWNESS, Outcome, Terminal, run
from wharf.cli.main import main
from wharf.cli.surroundings import Surroundings

_BOM = "invalid character 'ï' looking for beginning of value"


def with_bom(home: Path) -> None:
    (home / ".docker").mkdir()
    (home / ".docker" / "config.json").write_bytes(b"\xef\xbb\xbf{}")


def piped(folder: Path, text: str, *arguments: str) -> Outcome:
    out, err = StringIO(), StringIO()
    here = Surroundings({}, out, err, folder, typed=StringIO(text), home=folder, slowness=SLOWNESS)
    code = main(["explain", *arguments], here)
    return Outcome(code, out.getvalue(), err.getvalue())


def test_the_cause_that_holds_stands_with_what_shows_it_and_its_fix(tmp_path: Path) -> None:
    with_bom(tmp_path)
    outcome = run(tmp_path, ["explain", _BOM])
    assert 0 == outcome.code
    assert "config.json begins with a byte order mark" in outcome.out
    assert "✓ cause: The file was written as UTF-8 with a byte order mark" in outcome.out
    assert "fix: Let wharf write the file" in outcome.out


def test_offline_nothing_is_looked_at_and_that_is_said(tmp_path: Path) -> None:
    with_bom(tmp_path)
    outcome = run(tmp_path, ["explain", "--offline", _BOM])
    assert "✓" not in outcome.out
    assert "decided by looking at: Docker's config.json" in outcome.out
    assert "nothing was looked at (--offline)" in outcome.out


def test_words_need_no_quotes(tmp_path: Path) -> None:
    assert 0 == run(tmp_path, ["explain", "--offline", "denied:", "denied"]).code


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "build.log").write_text(f"pulling\n{_BOM}\n")
    outcome = run(tmp_path, ["explain", "--offline", "-f", "build.log"])
    assert "line 2 │ invalid character" in outcome.out


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    outcome = run(tmp_path, ["explain", "-f", "build.log"])
    assert (2, True) == (outcome.code, "build.log" in outcome.err)


def test_what_comes_through_a_pipe_is_read(tmp_path: Path) -> None:
    assert "byte order mark" in piped(tmp_path, f"{_BOM}\n", "--offline").out


def test_a_dash_is_the_pipe(tmp_path: Path) -> None:
    assert "byte order mark" in piped(tmp_path, _BOM, "--offline", "-").out
    assert "byte order mark" in piped(tmp_path, _BOM, "--offline", "-f", "-").out


def test_at_a_terminal_without_a_text_it_says_what_it_wants(tmp_path: Path) -> None:
    err = StringIO()
    here = Surroundings({}, StringIO(), err, tmp_path, typed=Terminal(), home=tmp_path)
    assert 2 == main(["explain"], here)
    assert "nothing to explain" in err.getvalue()


def test_what_is_not_known_is_said_to_be_not_known(tmp_path: Path) -> None:
    outcome = run(tmp_path, ["explain", "the parrot is dead"])
    assert 4 == outcome.code
    assert "this is not known" in outcome.out
    assert "what would help to find out" in outcome.out


def test_a_document_holds_signature_line_and_causes_best_first(tmp_path: Path) -> None:
    with_bom(tmp_path)
    told = json.loads(run(tmp_path, ["explain", "--json", _BOM]).out)
    first = told["causes"][0]
    assert ("config-utf8-bom", _BOM, "holds") == (told["signature"], told["line"], first["verdict"])
    assert {"id", "text", "fix", "probe", "verdict"} <= first.keys()


def test_a_document_of_what_is_not_known_has_no_signature(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, ["explain", "--json", "the parrot is dead"]).out)
    assert (None, [], True) == (told["signature"], told["causes"], bool(told["collect"]))


def test_in_a_korean_locale_everything_is_said_in_korean(tmp_path: Path) -> None:
    out = run(tmp_path, ["explain", "--offline", _BOM], {"LANG": "ko_KR.UTF-8"}).out
    assert "가능한 원인" in out
    assert "--offline" in out
    assert "possible" not in out


def test_what_a_person_names_stands_in_the_fix(tmp_path: Path) -> None:
    out = run(tmp_path, ["explain", "--offline", "--registry", "registry.example", _BOM]).out
    assert "wharf login --store file registry.example" in out


def test_no_line_is_wider_than_a_terminal(tmp_path: Path) -> None:
    out = run(tmp_path, ["explain", "--offline", "denied: denied " + "x" * 300]).out
    assert [] == [line for line in out.splitlines() if len(line) > 80]
