"""`wharf doctor` as somebody calls it."""

import json
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.cli.doctor.repository import CI, SHA, TOLD, broken_repository, written
from tests.cli.stage import Outcome, Terminal, run
from wharf.cli.main import main
from wharf.cli.output import width_of
from wharf.cli.surroundings import Surroundings

FORTY = f"ghcr.io/acme/hamalog-backend:{SHA}"
KOREAN = {"LANG": "ko_KR.UTF-8"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return broken_repository(tmp_path)


def doctor(root: Path, *words: str, **environ: str) -> Outcome:
    return run(root, ["doctor", str(root), *TOLD, *words], environ)


def document(root: Path, *words: str) -> Any:
    return json.loads(doctor(root, "--json", *words).out)


def test_where_nothing_is_there_nothing_is_wrong(tmp_path: Path) -> None:
    outcome = run(tmp_path, ["doctor", str(tmp_path), "--offline"])

    assert (0, "") == (outcome.code, outcome.err)
    assert "nothing is wrong" in outcome.out


def test_both_sides_are_named_with_the_nearest_tag_and_what_mends_it(root: Path) -> None:
    outcome = doctor(root)

    assert 1 == outcome.code
    assert all(
        each in outcome.out for each in (CI, "deploy.sh:4", FORTY, "sha-453a654", "type=sha,format=long,prefix=")
    )


def test_it_is_one_screen(root: Path) -> None:
    lines = doctor(root).out.splitlines()

    assert len(lines) <= 44
    assert all(width_of(line) <= 80 for line in lines if FORTY not in line)


def test_it_speaks_korean_where_the_locale_does(root: Path) -> None:
    assert "오류" in doctor(root, **KOREAN).out
    assert "오류" in doctor(root, "--lang", "ko").out
    assert "오류" not in doctor(root, "--lang", "en", **KOREAN).out


def test_the_document_has_findings_with_their_places_and_fixes(root: Path) -> None:
    first = document(root)["findings"][0]

    assert "error" == first["severity"]
    assert {first["file"], *(each["file"] for each in first["evidence"])} >= {CI, "deploy.sh"}
    assert any(fix["diff"] for fix in first["fixes"])


def test_fix_mends_it(root: Path) -> None:
    outcome = doctor(root, "--fix")

    assert "+            type=sha,format=long,prefix=" in outcome.out
    assert 0 == doctor(root).code
    assert 0 == outcome.code


def test_diff_only_shows_what_would_be_mended(root: Path) -> None:
    before = (root / CI).read_text()
    outcome = doctor(root, "--diff")

    assert outcome.out.startswith(f"--- a/{CI}\n+++ b/{CI}\n@@")
    assert before == (root / CI).read_text()


def test_a_diff_is_one_that_git_applies_whatever_ends_the_lines(root: Path) -> None:
    (root / CI).write_bytes((root / CI).read_bytes().replace(b"\n", b"\r\n"))
    diff = doctor(root, "--diff").out
    subprocess.run(["git", "apply", "-"], cwd=root, input=diff.encode(), check=True)

    assert b"            type=sha,format=long,prefix=\r\n" in (root / CI).read_bytes()


def test_a_diff_can_be_had_as_a_document(root: Path) -> None:
    assert [CI] == [change["file"] for change in document(root, "--diff")["changes"]]


def test_tags_are_listed_in_the_order_of_the_action(root: Path) -> None:
    (workflow,) = document(root, "--tags", "--event", "push", "--ref", "refs/heads/main")["workflows"]

    assert (CI, "build", True, []) == tuple(workflow[key] for key in ("file", "job", "pushed", "undecided"))
    assert [f"ghcr.io/acme/hamalog-backend:{tag}" for tag in ("latest", "sha-453a654")] == workflow["references"]


def test_tags_are_listed_for_people_event_by_event(root: Path) -> None:
    assert "push to main" in doctor(root, "--tags").out


def test_what_is_ignored_with_a_reason_is_not_told(root: Path) -> None:
    rules = {finding["rule"] for finding in document(root)["findings"] if finding["severity"] == "error"}
    ignores = "".join(f'[[doctor.ignore]]\nrule = "{rule}"\nreason = "it is a test"\n' for rule in rules)
    written(root, {"wharf.toml": ignores})

    assert 0 == doctor(root).code
    assert "it is a test" in json.dumps(document(root)["ignored"])


def test_a_wrong_ignore_is_refused_with_its_place(root: Path) -> None:
    written(root, {"wharf.toml": '[[doctor.ignore]]\nrule = "nonsense"\nreason = "x"\n'})
    outcome = doctor(root)

    assert 3 == outcome.code
    assert "no such rule" in outcome.err


def test_reports_and_the_picture_are_written_to_files(root: Path, tmp_path: Path) -> None:
    places = {name: tmp_path / f"doctor.{name}" for name in ("sarif", "junit", "picture")}
    doctor(root, *(word for name, place in places.items() for word in (f"--{name}", str(place))))

    assert "2.1.0" == json.loads(places["sarif"].read_text())["version"]
    assert "testsuites" == ET.fromstring(places["junit"].read_text()).tag
    assert FORTY.partition(":")[2] in places["picture"].read_text()


def test_a_file_that_cannot_be_written_is_named(root: Path) -> None:
    outcome = doctor(root, "--sarif", str(root / "no" / "such" / "folder"))

    assert 3 == outcome.code
    assert "no such file or directory" in outcome.err


def test_annotations_come_by_themselves_in_actions(root: Path) -> None:
    assert "\n::error file=" in doctor(root, GITHUB_ACTIONS="true").out
    assert "\n::error file=" not in doctor(root).out


def test_files_give_no_commands_to_actions(tmp_path: Path) -> None:
    name = "::set-output name=a::b"
    service = f"{'a' * 60} {name} {'a' * 60} {name} {'a' * 70} {name}"
    (tmp_path / "compose.yaml").write_text(
        f"services:\n  '{service}': {{image: '##[add-mask]x', depends_on: ['{name}']}}\n"
    )
    outcome = run(tmp_path, ["doctor", "--offline"], {"GITHUB_ACTIONS": "true"})
    lines = [line for line in outcome.out.splitlines() if not line.startswith("::error file=compose.yaml,")]

    assert any(name in line for line in lines)
    assert not any(line.strip().startswith("::") or "##[" in line for line in lines)


def test_what_the_exit_code_is_for_can_be_chosen(root: Path) -> None:
    assert 0 == doctor(root, "--fail-on", "never").code


def test_offline_it_says_what_was_not_looked_at(root: Path) -> None:
    assert "not looked at" in doctor(root).out
    assert ["what the registry holds (--offline): ghcr.io/acme/hamalog-backend"] == document(root)["not_looked_at"]


def test_where_nobody_knows_whose_it_is_that_is_said_and_nobody_is_asked(root: Path) -> None:
    outcome = run(root, ["doctor", str(root)])

    assert "owner/repository stands for it" in outcome.out


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert 2 == run(tmp_path, ["doctor", str(tmp_path / "none")]).code


@pytest.mark.parametrize("words", [("--sha", "453a654"), ("--repository", "app"), ("--event",), ("--lang", "de")])
def test_what_cannot_be_meant_is_refused(root: Path, words: tuple[str, ...]) -> None:
    assert 2 == run(root, ["doctor", str(root), *words]).code


def test_somebody_at_a_terminal_sees_how_far_it_is(root: Path) -> None:
    out, err = Terminal(), Terminal()
    main(["doctor", str(root), *TOLD], Surroundings({}, out, err, root, StringIO(), root))

    assert "looking at the files" in err.getvalue()
    assert err.getvalue().endswith("\r\x1b[K")


def test_a_hostile_name_moves_no_cursor(root: Path) -> None:
    written(root, {".github/workflows/\x1b[2J.yml": "on: push\njobs:\n\tx: 1\n"})

    assert "\x1b" not in doctor(root).out
