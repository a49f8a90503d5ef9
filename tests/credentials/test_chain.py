"""The order of the sources, and that none of them hides another."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.credentials.stage import Home, auth
from wharf.credentials.credential import Password
from wharf.credentials.keychain import Lookup
from wharf.credentials.order import config_of
from wharf.credentials.variable import overriding_variable
from wharf.oci.reference import RepositoryName
from wharf.oci.strict_json import JsonValue

HERE = "registry.example"
APP = RepositoryName("team/app")


def auths(username: str, key: str = HERE) -> dict[str, JsonValue]:
    return {"auths": {key: {"auth": auth(username, "open-sesame")}}}


def username(found: Lookup) -> str:
    return found.credential.username if isinstance(found.credential, Password) else ""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def fill(home: Home) -> dict[str, Path]:
    """All sources at once, each with a user name of its own. The later ones answer when the earlier ones are gone."""
    runtime = home.path / "run"
    home.environ |= {"DOCKER_AUTH_CONFIG": json.dumps(auths("variable")), "XDG_RUNTIME_DIR": str(runtime)}
    home.keeper("box", **{HERE: "helper"})
    return {
        "docker": home.write_config({**auths("docker"), "credsStore": "box"}),
        "runtime": home.write(runtime / "containers" / "auth.json", auths("runtime")),
        "config": home.write(home.path / ".config" / "containers" / "auth.json", auths("config")),
        "dockercfg": home.write(home.path / ".dockercfg", {HERE: {"auth": auth("dockercfg", "x")}}),
    }


def test_the_first_source_that_answers_wins(home: Home) -> None:
    files = fill(home)
    order = [username(home.keychain().find(HERE))]
    del home.environ["DOCKER_AUTH_CONFIG"]
    order.append(username(home.keychain().find(HERE)))
    (home.bin / "docker-credential-box").unlink()
    for file in files.values():
        order.append(username(home.keychain().find(HERE)))
        file.unlink()
    assert ["variable", "helper", "docker", "runtime", "config", "dockercfg"] == order
    assert home.keychain().find(HERE).credential is None


def test_the_folder_of_one_job_excludes_all_others(home: Home) -> None:
    fill(home)
    job = home.path / "job"
    assert home.keychain(job).find(HERE).credential is None
    home.write(job / "config.json", auths("job"))
    assert "job" == username(home.keychain(job).find(HERE))


def test_no_helper_is_looked_for_in_the_folder_of_one_job(home: Home) -> None:
    home.keeper("secretservice", **{HERE: "ada"})
    assert "ada" == username(home.keychain().find(HERE))
    assert home.keychain(home.path / "job").find(HERE).credential is None


def test_the_file_of_podman_that_is_named_is_the_only_one(home: Home) -> None:
    files = fill(home)
    files["docker"].unlink()
    home.environ |= {"REGISTRY_AUTH_FILE": str(home.path / "only.json"), "DOCKER_AUTH_CONFIG": ""}
    assert home.keychain().find(HERE).credential is None
    home.write(home.path / "only.json", auths("only"))
    assert "only" == username(home.keychain().find(HERE))


def test_docker_config_can_be_elsewhere(home: Home) -> None:
    home.environ["DOCKER_CONFIG"] = str(home.path / "elsewhere")
    home.write(home.path / "elsewhere" / "config.json", auths("ada"))
    found = home.keychain().find(HERE)
    assert found.source is not None
    assert ("~/elsewhere/config.json, auths", HERE) == (found.source.place, found.source.key)


def test_the_helper_for_a_host_comes_before_that_for_all(home: Home) -> None:
    home.keeper("one", **{HERE: "one"})
    home.keeper("all", **{HERE: "all", "other.example": "all"})
    home.write_config({"credsStore": "all", "credHelpers": {HERE: "one"}})
    assert ["one", "all"] == [username(home.keychain().find(host)) for host in (HERE, "other.example")]


def test_an_empty_name_of_a_helper_leads_to_the_file(home: Home) -> None:
    home.keeper("all", **{HERE: "all"})
    home.write_config({**auths("file"), "credsStore": "all", "credHelpers": {HERE: ""}})
    assert "file" == username(home.keychain().find(HERE))


@pytest.mark.parametrize("key", ["https://index.docker.io/v1/", "docker.io", "index.docker.io"])
def test_a_helper_for_docker_hub_is_asked_for_its_old_address(home: Home, key: str) -> None:
    home.keeper("hub", **{"https://index.docker.io/v1/": "hub"})
    home.write_config({"credHelpers": {key: "hub"}})
    assert "hub" == username(home.keychain().find("docker.io"))


def test_podman_calls_docker_hub_by_its_name(home: Home) -> None:
    home.keeper("hub", **{"docker.io": "hub"})
    home.write(home.path / ".config/containers/auth.json", {"credHelpers": {"docker.io": "hub"}})
    assert "hub" == username(home.keychain().find("docker.io"))


def test_a_helper_in_a_file_of_podman_is_final_there(home: Home) -> None:
    home.keeper("box")
    home.write(home.path / ".config/containers/auth.json", {**auths("ada"), "credHelpers": {HERE: "box"}})
    assert home.keychain().find(HERE).credential is None


def test_podman_has_credentials_for_parts_of_a_registry(home: Home) -> None:
    home.write(
        home.path / ".config" / "containers" / "auth.json",
        {"auths": {HERE: {"auth": auth("all", "x")}, f"{HERE}/team": {"auth": auth("team", "x")}}},
    )
    keychain = home.keychain()
    found = [username(keychain.find(HERE, one)) for one in (APP, RepositoryName("other/app"), None)]
    assert ["team", "all", "all"] == found


def test_a_session_on_windows_that_nobody_is_logged_on_to_falls_back_to_the_file(home: Home) -> None:
    """The first of the reports that wharf was made for."""
    said = "A specified logon session does not exist. It may already have been terminated."
    home.shell("wincred", f"echo '{said}'; exit 1")
    home.write_config({**auths("ada"), "credsStore": "wincred"})
    found = home.keychain().find(HERE)
    assert "ada" == username(found)
    assert [(True, f"exit code 1: {said}")] == [(each.failed, each.reason) for each in found.silent[1:]]


def test_each_silent_source_says_why(home: Home) -> None:
    home.environ["XDG_RUNTIME_DIR"] = str(home.path / "gone")
    home.shell("box", "exit 1")
    home.write_config({"auths": {HERE: {}, "a.example": {"auth": "%"}}, "credsStore": "box"})
    home.write(home.path / ".config" / "containers" / "auth.json", "")
    home.write(home.path / ".dockercfg", auths("x", "other.example"))
    assert [
        ("DOCKER_AUTH_CONFIG", "it is not set", False),
        ("docker-credential-box (credsStore of ~/.docker/config.json)", "exit code 1", True),
        ("~/.docker/config.json, auths", "its entry is empty: it says that a helper has the credential", False),
        ("~/gone/containers/auth.json", f"it does not exist, and neither does {home.path}/gone", False),
        ("~/.config/containers/auth.json, auths", "no entry for registry.example", False),
        ("~/.dockercfg", "no entry for registry.example", False),
    ] == [(each.source.place, each.reason, each.failed) for each in home.keychain().find(HERE).silent]


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe\x00", b"[]", b'{"auths": 5}', b'{"auths": {"registry.example": 5}}', b"\x00" * 9, b'{"auths": {"regis'],
    ids=["bytes", "array", "wrong auths", "wrong entry", "zeros", "cut"],
)
def test_a_broken_file_hides_no_other_source(home: Home, raw: bytes) -> None:
    home.write_config(raw)
    home.write(home.path / ".config" / "containers" / "auth.json", auths("ada"))
    found = home.keychain().find(HERE)
    assert ("ada", True) == (username(found), any(each.failed for each in found.silent))


def test_a_folder_or_a_pipe_in_the_place_of_a_file_is_told(home: Home) -> None:
    home.config.mkdir(parents=True)
    home.environ["REGISTRY_AUTH_FILE"] = str(home.path / "pipe")
    os.mkfifo(home.path / "pipe")
    failed = [each for each in home.keychain().find(HERE).silent if each.failed]
    assert ["it is no file", "it is no file"] == [each.reason for each in failed]


def test_a_variable_that_names_the_file_in_place_of_its_folder_is_told(home: Home) -> None:
    home.environ["DOCKER_CONFIG"] = str(home.write_config(auths("ada")))
    failed = [each for each in home.keychain().find(HERE).silent if each.failed]
    assert [f"{home.config} is no folder"] == [each.reason for each in failed]


def test_what_a_file_says_cannot_write_to_the_terminal(home: Home) -> None:
    bell = "\x1b[2J"
    home.write_config({"auths": {bell: {"auth": "%"}}, "credHelpers": {bell: bell}, "credsStore": bell})
    inventory, found = home.keychain().inventory(), home.keychain().find(HERE)
    texts = [row.registry + row.source.place + row.source.key + row.note for row in inventory.known]
    texts += [each.source.place + each.reason for each in (*inventory.silent, *found.silent)]
    assert all(text.isprintable() for text in [*texts, *inventory.warnings, *found.warnings])


def test_a_variable_of_bytes_that_are_no_text_is_told(home: Home) -> None:
    home.environ["DOCKER_AUTH_CONFIG"] = '{"auths": {"\udcff\ud800": {}}}'
    assert "is no character of utf-8" in home.keychain().find(HERE).warnings[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_of_somebody_else_names_its_owner() -> None:
    look = (
        "import os, sys; from pathlib import Path; from wharf.credentials.file_access import look_at;"
        "os.seteuid(65534); print(look_at(Path(sys.argv[1])).problem)"
    )
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "config.json"
        path.touch(0o600)
        done = subprocess.run([sys.executable, "-c", look, path], stdout=subprocess.PIPE, text=True, check=True)
    assert "permission denied; it belongs to root" == done.stdout.strip()


def test_warnings_of_a_file_come_with_each_answer(home: Home) -> None:
    home.write_config({**auths("ada"), "credStore": "pass"})
    warnings = home.keychain().find(HERE).warnings
    assert ("~/.docker/config.json: line 7: credStore is not a name that docker knows; credsStore is",) == warnings


@pytest.mark.parametrize(
    ("config", "asked"),
    [(None, True), ("", True), ("{}", True), ('{"auths": {}}', True), ('{"auths": {"x": {}}}', False), ("{", False)],
)
def test_dockers_own_choice_of_a_helper_counts_while_the_file_says_nothing(
    home: Home, config: str | None, asked: bool
) -> None:
    home.keeper("secretservice", **{HERE: "ada"})
    if config is not None:
        home.write_config(config)
    assert asked == (home.keychain().find(HERE).credential is not None)


def test_a_variable_that_decides_is_told_of() -> None:
    environ = {"DOCKER_AUTH_CONFIG": json.dumps(auths("ada"))}
    assert "DOCKER_AUTH_CONFIG has a credential for registry.example" in overriding_variable(HERE, environ)
    assert ["", ""] == [overriding_variable("other.example", environ), overriding_variable(HERE, {})]


def test_all_that_is_known_is_listed_with_its_source_and_age(home: Home) -> None:
    files = fill(home)
    os.utime(files["docker"], (1_700_000_000, 1_700_000_000))
    known = home.keychain().inventory().known
    box = "docker-credential-box (credsStore of ~/.docker/config.json)"
    assert [
        ("DOCKER_AUTH_CONFIG", "variable", "password"),
        (box, "helper", "helper"),
        ("~/.docker/config.json, auths", "docker", "password"),
        ("~/run/containers/auth.json, auths", "runtime", "password"),
        ("~/.config/containers/auth.json, auths", "config", "password"),
        ("~/.dockercfg", "dockercfg", "password"),
    ] == [(row.source.place, row.username, row.kind) for row in known]
    assert {HERE} == {row.registry for row in known}
    assert datetime.fromtimestamp(1_700_000_000, UTC) == known[2].since


def test_marks_broken_entries_and_single_hosts_are_listed_too(home: Home) -> None:
    home.keeper("ecr-login")
    home.write_config(
        {"auths": {"https://index.docker.io/v1/": {}, "a.example": {"auth": "%"}}, "credHelpers": {HERE: "ecr-login"}}
    )
    home.write(home.path / ".config" / "containers" / "auth.json", auths("ada", "quay.io/team"))
    known = home.keychain().inventory().known
    assert [
        (HERE, "helper", ""),
        ("docker.io", "marker", ""),
        ("a.example", "broken", 'line 4: "auth" is not base64'),
        ("quay.io", "password", "for quay.io/team"),
    ] == [(row.registry, row.kind, row.note) for row in known]


def test_a_helper_that_cannot_list_is_told_and_the_rest_is_listed(home: Home) -> None:
    home.shell("box", "echo not implemented; exit 1")
    home.write_config({**auths("ada"), "credsStore": "box"})
    inventory = home.keychain().inventory()
    assert ["ada"] == [row.username for row in inventory.known]
    assert ["exit code 1: not implemented"] == [each.reason for each in inventory.silent if each.failed]


def test_proxies_and_headers_are_those_of_dockers_file(home: Home) -> None:
    home.write_config({"HttpHeaders": {"X-A": "b"}})
    assert {"X-A": "b"} == config_of(home.environ, home.path).http_headers
    assert {} == config_of(home.environ, home.path, home.path / "job").http_headers
