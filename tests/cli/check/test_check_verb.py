"""A registry that works, checked: what is said of it, to people and to machines, and that nothing stays there."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.check.checks import WELL, checked, tags_of, wharf
from tests.cli.desk import Desk
from tests.cli.harbour import Harbour
from tests.cli.stage import run
from tests.client.token_service import Account, House, serving

ALL = frozenset({"pull", "push", "delete"})
SECRET = "not-to-be-shown"


@pytest.fixture
def place(harbour: Harbour) -> str:
    return f"{harbour.host}/{harbour.name}"


def test_every_step_is_passed(harbour: Harbour, place: str) -> None:
    found = checked(harbour.folder, place)
    assert (0, WELL, True) == (found.code, found.steps, found.document["works"])


def test_nothing_stays_in_the_registry(harbour: Harbour, place: str) -> None:
    wharf(harbour.folder, place)
    assert [] == tags_of(harbour)


def test_what_is_to_be_kept_stays_and_is_told_of(harbour: Harbour, place: str) -> None:
    found = checked(harbour.folder, place, "--keep")
    tag = found.document["tag"]
    assert [tag] == tags_of(harbour)
    (kept,) = found.lines("cleanup", "remark")
    assert f"wharf delete {place}/wharf-check:{tag} --yes" == kept["command"]
    assert 0 == run(harbour.folder, kept["command"].split()[1:]).code
    assert [] == tags_of(harbour)


def test_what_a_killed_check_has_left_is_told_of_by_a_later_one(harbour: Harbour, place: str) -> None:
    kept = checked(harbour.folder, place, "--keep").document["tag"]
    old = "check-20200101-120000-1a2b3c4d"
    run(harbour.folder, ["tag", f"{place}/wharf-check:{kept}", old])
    (left,) = checked(harbour.folder, place).lines("cleanup", "remark")
    assert f"earlier checks have left 1 tag there, the oldest is {old}" == left["text"]
    assert f"wharf delete {place}/wharf-check:{old} --yes" == left["command"]
    assert 0 == run(harbour.folder, left["command"].split()[1:]).code
    assert [kept] == tags_of(harbour)


def test_it_reads_as_a_person_expects(harbour: Harbour, place: str) -> None:
    told = wharf(harbour.folder, place).out
    titles = re.findall(r"^([1-6])  (.+?)  +[0-9.]+ s ✓$", told, re.MULTILINE)
    assert ["Environment", "Login", "Build and push", "Pull and run", "API", "Clean up"] == [each[1] for each in titles]
    assert told.rstrip().endswith(f"✓ {harbour.host} works: an image got in, and came back as it was.")


def test_no_line_is_wider_than_a_terminal(harbour: Harbour, place: str) -> None:
    """But for a name or a command, which is there to be copied."""
    told = wharf(harbour.folder, place).out
    wide = [line.strip() for line in told.splitlines() if len(line) > 80]
    assert [] == [line for line in wide if " " in line and not line.startswith("$ ")]


def test_it_speaks_korean_where_the_locale_does(harbour: Harbour, place: str) -> None:
    told = wharf(harbour.folder, place, LANG="ko_KR.UTF-8").out
    assert "3  빌드와 푸시" in told
    assert f"✓ {harbour.host}: 정상입니다. 이미지를 올리고 그대로 받았습니다." in told


def test_an_image_for_one_platform_only(harbour: Harbour, place: str) -> None:
    found = checked(harbour.folder, place, "--platform", "linux/arm64")
    assert WELL == found.steps
    assert "linux/arm64" in found.said("push")
    assert "linux/amd64" not in found.said("push")
    assert "1 manifest and 2 blobs" in found.said("pull")


def test_without_a_namespace_the_image_lies_at_the_top(harbour: Harbour) -> None:
    found = checked(harbour.folder, harbour.host)
    assert ("wharf-check", WELL) == (found.document["repository"], found.steps)


def test_junit_has_a_test_for_each_step(harbour: Harbour, place: str) -> None:
    wharf(harbour.folder, place, "--junit", "check.xml")
    suite = ET.parse(harbour.folder / "check.xml").getroot()
    assert ("6", "0") == (suite.get("tests"), suite.get("failures"))
    names = [case.get("classname") for case in suite.iter("testcase")]
    assert [f"wharf.check.{step}" for step in WELL] == names


def test_a_report_that_cannot_be_written_is_told_of(harbour: Harbour, place: str) -> None:
    outcome = wharf(harbour.folder, place, "--junit", "no/such/folder/check.xml")
    assert 3 == outcome.code
    assert "there is no such folder" in outcome.err
    assert "" == outcome.out


# --- as somebody -----------------------------------------------------------------------------------------------------


@pytest.fixture
def house(harbour: Harbour) -> House:
    return House({"ada": Account(SECRET, {"*": ALL})}, upstream=harbour.host)


def test_variables_log_in(harbour: Harbour, house: House) -> None:
    with serving(house) as host:
        found = checked(harbour.folder, f"{host}/{harbour.name}", WHARF_USERNAME="ada", WHARF_TOKEN=SECRET)
    assert WELL == found.steps
    assert f"logged in to {host} as ada" in found.said("login")
    assert "WHARF_TOKEN is set: a password, or a token of a kind that does not show" in found.said("environment")
    assert "pull yes, push yes, delete yes" in found.said("login")


@pytest.mark.slow
def test_the_secret_is_never_shown(harbour: Harbour, house: House) -> None:
    environ = {"WHARF_USERNAME": "ada", "WHARF_TOKEN": SECRET, "DOCKER_HOST": f"tcp://ada:{SECRET}@127.0.0.1:9"}
    with serving(house) as host:
        outcomes = [
            wharf(harbour.folder, f"{host}/{harbour.name}", *words, **environ)
            for words in ([], ["--json"], ["--junit", "check.xml"])
        ]
    written = (harbour.folder / "check.xml").read_text()
    assert [] == [text for each in outcomes for text in (each.out, each.err, written) if SECRET in text]


def test_a_password_comes_through_a_pipe(tmp_path: Path, house: House) -> None:
    desk = Desk(tmp_path)
    with serving(house) as host:
        outcome = desk.wharf(
            "check", f"{host}/team", "--no-engine", "-u", "ada", "--password-stdin", piped=f"{SECRET}\n"
        )
    assert 0 == outcome.code
    assert f"credential for {host}: from --password-stdin, as ada" in outcome.out.replace("\n     ", " ")
    assert desk.never_said(SECRET)
    assert not desk.has_config


def test_a_name_without_a_password_is_asked_for_at_the_keyboard(tmp_path: Path, house: House) -> None:
    desk = Desk(tmp_path)
    with serving(house) as host:
        outcome = desk.wharf("check", f"{host}/team", "--no-engine", "-u", "ada", typed=[SECRET])
    assert 0 == outcome.code
    assert "from the keyboard, as ada" in outcome.out.replace("\n     ", " ")


def test_nothing_of_the_login_is_kept(harbour: Harbour, house: House) -> None:
    with serving(house) as host:
        wharf(harbour.folder, f"{host}/{harbour.name}", WHARF_USERNAME="ada", WHARF_TOKEN=SECRET)
    assert [] == list(harbour.folder.iterdir())


def test_a_login_that_is_stored_is_used(harbour: Harbour, house: House) -> None:
    config = harbour.folder / "config"
    config.mkdir()
    with serving(house) as host:
        auth = {"username": "ada", "password": SECRET}
        (config / "config.json").write_text(json.dumps({"auths": {host: auth}}))
        found = checked(harbour.folder, f"{host}/{harbour.name}", "--config", str(config))
    assert WELL == found.steps
    assert "config.json" in found.said("environment")


# --- where to --------------------------------------------------------------------------------------------------------


def test_an_address_is_understood(harbour: Harbour, place: str) -> None:
    assert WELL == checked(harbour.folder, f"http://{place}/").steps


def test_at_a_registry_where_nothing_lies_at_the_top_somebody_has_to_be_named(tmp_path: Path) -> None:
    outcome = wharf(tmp_path, "ghcr.io")
    assert 2 == outcome.code
    assert "ghcr.io/NAMESPACE" in outcome.err


def test_a_secret_in_the_registrys_place_is_not_repeated(tmp_path: Path) -> None:
    secret = "ghp_" + "a" * 36
    outcome = wharf(tmp_path, secret)
    assert (2, False) == (outcome.code, secret in outcome.err)


def test_a_word_too_many_is_not_repeated(tmp_path: Path) -> None:
    outcome = wharf(tmp_path, "ghcr.io/acme", SECRET)
    assert (2, False) == (outcome.code, SECRET in outcome.err)
