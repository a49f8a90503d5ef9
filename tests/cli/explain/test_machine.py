import json
from pathlib import Path

import pytest

from tests.cli.stage import run


def with_bom(home: Path) -> None:
    (home / ".docker").mkdir()
    (home / ".docker" / "config.json").write_bytes(b"\xef\xbb\xbf{}")


@pytest.mark.slow
def test_what_would_fail_is_told_without_any_error_text(tmp_path: Path) -> None:
    with_bom(tmp_path)
    outcome = run(tmp_path, ["doctor", "--machine"])
    assert 1 == outcome.code
    assert "config.json begins with a byte order mark" in outcome.out


@pytest.mark.slow
def test_a_document_holds_facts_and_what_would_fail(tmp_path: Path) -> None:
    with_bom(tmp_path)
    told = json.loads(run(tmp_path, ["doctor", "--machine", "--json"]).out)
    assert "utf-8-bom" == told["looked_at"][0]["facts"]["config.encoding"]
    assert "config-utf8-bom" in [each["signature"] for each in told["looked_at"][0]["would_fail"]]


def test_two_folders_at_a_time_are_one_too_many(tmp_path: Path) -> None:
    assert 2 == run(tmp_path, ["doctor", ".", "."]).code
