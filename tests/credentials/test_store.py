"""Storing and forgetting credentials: what is chosen, what is written, and what is found again."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.credentials.stage import Home, auth
from tests.credentials.test_located import documents
from tests.oci.hostile import steady
from wharf.credentials.config_changes import forgotten, kept_by_helper, kept_in_file, on_bytes
from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.secret import Secret
from wharf.credentials.store import CredentialStore, Erased, FileStore, HelperStore, choose_store, logout
from wharf.errors import CredentialFileRefused, HelperFailed, LoginImpossible

HERE = "registry.example"
HUB_KEY = "https://index.docker.io/v1/"
ADA = Password("ada", Secret("open-sesame"))
TOKEN = IdentityToken(Secret("refresh"), "ada")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def choice(home: Home, wish: str = "", config_dir: Path | None = None, registry: str = HERE) -> CredentialStore:
    return choose_store(registry, wish, home.environ, home.path, "linux", config_dir)


def forget(home: Home, registry: str = HERE) -> Erased:
    return logout(registry, home.environ, home.path, "linux")


def content(home: Home) -> dict[str, object]:
    return dict(json.loads(home.config.read_text()))


def helper_of(store: CredentialStore) -> str:
    return store.helper.name if isinstance(store, HelperStore) else "file"


# --- the choice ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "chosen"),
    [
        (None, "secretservice"),
        ({}, "secretservice"),
        ({"auths": {}}, "secretservice"),
        ({"auths": {"other.example": {}}}, "file"),
        ({"credsStore": "box"}, "box"),
        ({"credsStore": "box", "credHelpers": {HERE: "one"}}, "one"),
        ({"credsStore": "box", "credHelpers": {HERE: ""}}, "file"),
        ({"credHelpers": {"other.example": "one"}}, "file"),
    ],
)
def test_the_choice_is_dockers(home: Home, config: dict[str, None] | None, chosen: str) -> None:
    home.keeper("secretservice")
    if config is not None:
        home.write_config(config)
    assert chosen == helper_of(choice(home))


def test_without_any_helper_it_is_the_file(home: Home) -> None:
    assert isinstance(choice(home), FileStore)


def test_in_the_folder_of_one_job_it_is_the_file(home: Home) -> None:
    home.keeper("secretservice")
    choice(home, config_dir=home.path / "job").store(HERE, ADA)
    assert {"auths": {HERE: {"auth": auth("ada", "open-sesame")}}} == json.loads(
        (home.path / "job" / "config.json").read_text()
    )


def test_a_wish_comes_before_the_choice(home: Home) -> None:
    home.write_config({"credsStore": "box"})
    assert ["file", "one", "box"] == [helper_of(choice(home, wish)) for wish in ("file", "one", "helper")]


def test_the_helper_that_is_wished_for_is_the_usual_one_where_none_is_configured(home: Home) -> None:
    home.write_config({"auths": {"other.example": {"auth": auth("a", "b")}}})
    with pytest.raises(LoginImpossible):
        choice(home, "helper")
    home.keeper("secretservice")
    assert "secretservice" == helper_of(choice(home, "helper"))


# --- what is written -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("registry", [HERE, "docker.io", "localhost:5000"])
@pytest.mark.parametrize("credential", [ADA, TOKEN, IdentityToken(Secret("t")), RegistryToken(Secret("r"))])
def test_what_is_stored_in_the_file_is_found_again(home: Home, registry: str, credential: Credential) -> None:
    choice(home, "file").store(registry, credential)
    assert credential == home.keychain().find(registry).credential
    assert 0o600 == home.config.stat().st_mode & 0o777


def test_a_new_file_looks_as_if_docker_had_written_it(home: Home) -> None:
    choice(home, "file").store("docker.io", TOKEN)
    expected = {"auths": {HUB_KEY: {"auth": auth("ada", ""), "identitytoken": "refresh"}}}
    assert json.dumps(expected, indent="\t") == home.config.read_text()


def test_base64_is_called_by_its_name(home: Home) -> None:
    stored = choice(home, "file").store(HERE, ADA)
    assert "~/.docker/config.json" == stored.place
    assert "base64, which is not encryption" in stored.notes[0]
    assert "open-sesame" not in repr(stored)


def test_another_kind_of_credential_takes_the_place_of_the_first(home: Home) -> None:
    for credential in (TOKEN, RegistryToken(Secret("r")), ADA):
        choice(home, "file").store(HERE, credential)
    assert {"auths": {HERE: {"auth": auth("ada", "open-sesame")}}} == content(home)


def test_all_else_stays_as_it_was(home: Home) -> None:
    text = (
        '{\n    "x": 1.50,\n    "auths": {"%s": {"email": "e", "username": "u"}},\n    "aliases": {"\\u003c": "b"}\n}\n'
    )
    home.write_config(text % HERE)
    choice(home, "file").store(HERE, IdentityToken(Secret("t")))
    assert (text % HERE).replace('"username": "u"', '"identitytoken": "t"') == home.config.read_text()


def test_a_file_with_a_mark_is_written_without_it(home: Home) -> None:
    home.write_config(b"\xef\xbb\xbf" + b'{\r\n "psFormat": "\xc3\xbc"\r\n}\r\n')
    stored = choice(home, "file").store(HERE, ADA)
    assert home.config.read_bytes().startswith(b'{\r\n "psFormat": "\xc3\xbc",\r\n "auths": {\r\n')
    assert "byte order mark" in stored.notes[-1]


def test_a_file_in_utf_16_is_written_in_utf_8(home: Home) -> None:
    home.write_config('{"psFormat": "ü"}'.encode("utf-16"))
    choice(home, "file").store(HERE, ADA)
    assert "ü" == content(home)["psFormat"]


@pytest.mark.parametrize("text", ['{"auths": {"a": {"auth": "x"},}}', '{"auths": []}', "auths:", '{"a": 1} {}', '{"a'])
@pytest.mark.parametrize("wish", ["file", "box"])
def test_a_file_that_is_not_understood_is_not_written(home: Home, text: str, wish: str) -> None:
    home.keeper("box")
    home.write_config(text)
    with pytest.raises(CredentialFileRefused, match="not whole") as caught:
        choice(home, wish).store(HERE, ADA)
    assert "line 1" in caught.value.diagnostics().evidence[0]
    assert (text, False) == (home.config.read_text(), HERE in (home.bin / "docker-credential-box.kept").read_text())


def test_a_file_whose_helper_would_be_asked_leads_docker_to_the_file(home: Home) -> None:
    home.keeper("box", **{HERE: "bob"})
    home.write_config({"credsStore": "box", "credHelpers": {HERE: "box", "other.example": "one"}})
    stored = choice(home, "file").store(HERE, ADA)
    assert {HERE: "", "other.example": "one"} == content(home)["credHelpers"]
    assert any("podman" in note for note in stored.notes)
    assert ADA == home.keychain().find(HERE).credential


def test_without_creds_store_the_helper_for_the_host_is_simply_taken_out(home: Home) -> None:
    home.write_config({"credHelpers": {HERE: "one", "other.example": "one"}})
    choice(home, "file").store(HERE, ADA)
    assert {"other.example": "one"} == content(home)["credHelpers"]


def test_with_a_helper_the_file_has_a_mark_and_no_secret(home: Home) -> None:
    home.keeper("box")
    home.write_config({"auths": {HERE: {"auth": auth("old", "x"), "email": "e"}}, "credsStore": "box"})
    stored = choice(home).store(HERE, TOKEN)
    assert {"auths": {HERE: {"email": "e"}}, "credsStore": "box"} == content(home)
    assert ("docker-credential-box", ()) == (stored.place, stored.notes)
    assert IdentityToken(Secret("refresh")) == home.keychain().find(HERE).credential


def test_a_helper_by_name_is_named_for_this_host_alone(home: Home) -> None:
    home.keeper("box")
    choice(home, "box").store("docker.io", ADA)
    assert {"auths": {HUB_KEY: {}}, "credHelpers": {HUB_KEY: "box"}} == content(home)
    assert ADA == home.keychain().find("docker.io").credential


def test_the_usual_helper_is_named_for_all_as_docker_does(home: Home) -> None:
    home.keeper("secretservice")
    choice(home).store(HERE, ADA)
    assert {"auths": {HERE: {}}, "credsStore": "secretservice"} == content(home)


def test_a_helper_that_refuses_leaves_the_file_as_it_was(home: Home) -> None:
    home.shell("box", "echo not implemented; exit 1")
    path = home.write_config({"auths": {HERE: {"auth": auth("ada", "x")}}, "credsStore": "box"})
    before = path.read_bytes()
    with pytest.raises(HelperFailed) as caught:
        choice(home).store(HERE, ADA)
    assert ("not implemented", before) == (caught.value.said, path.read_bytes())


def test_a_registry_token_is_for_files(home: Home) -> None:
    home.keeper("box")
    with pytest.raises(LoginImpossible, match="keeps no registry tokens"):
        choice(home, "box").store(HERE, RegistryToken(Secret("r")))


@pytest.mark.parametrize("username", ["", "a:b"])
def test_what_docker_could_not_read_is_not_written(home: Home, username: str) -> None:
    with pytest.raises(LoginImpossible):
        choice(home, "file").store(HERE, Password(username, Secret("x")))
    assert not home.config.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_a_file_that_cannot_be_written_and_names_the_helper_already_is_no_hindrance(home: Home) -> None:
    home.keeper("box")
    home.write_config({"credsStore": "box"})
    if subprocess.run(["mount", "--bind", home.config, home.config], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", home.config], check=True)
        stored = choice(home).store(HERE, ADA)
        assert "read-only file system; the helper is asked without its mark there, too" in stored.notes[0]
        with pytest.raises(CredentialFileRefused, match="read-only"):
            choice(home, "file").store(HERE, ADA)
    finally:
        subprocess.run(["umount", home.config], check=True)
    assert ADA == home.keychain().find(HERE).credential


# --- forgetting ----------------------------------------------------------------------------------------------------


def test_what_is_forgotten_is_gone_from_the_file(home: Home) -> None:
    home.write_config(
        {"auths": {HERE: {"auth": "x"}, f"https://{HERE}/v1/": {"auth": auth("a", "b")}, f"{HERE}/team": {}, "o": {}}}
    )
    assert ("~/.docker/config.json",) == forget(home).places
    assert {"auths": {f"{HERE}/team": {}, "o": {}}} == content(home)


def test_what_is_forgotten_is_gone_from_the_helper_and_from_the_file(home: Home) -> None:
    home.keeper("box", **{HERE: "ada", "other.example": "bob"})
    home.write_config({"auths": {HERE: {"auth": auth("ada", "x")}}, "credsStore": "box"})
    assert ("~/.docker/config.json", "docker-credential-box") == forget(home).places
    assert {"auths": {}, "credsStore": "box"} == content(home)
    assert ((), ()) == (forget(home).places, forget(home).notes)


def test_a_helper_that_refuses_is_told_of_and_the_file_forgets(home: Home) -> None:
    home.write_config({"auths": {HERE: {"auth": auth("ada", "x")}}, "credsStore": "gone"})
    erased = forget(home)
    assert ("~/.docker/config.json",) == erased.places
    assert "there is no docker-credential-gone on PATH" in erased.notes[0]


def test_the_empty_name_of_a_helper_goes_with_the_entry(home: Home) -> None:
    home.write_config({"auths": {HERE: {"auth": auth("a", "b")}}, "credsStore": "box", "credHelpers": {HERE: ""}})
    forget(home)
    assert {"auths": {}, "credsStore": "box", "credHelpers": {}} == content(home)


def test_forgetting_what_is_not_there_makes_no_file(home: Home) -> None:
    assert () == forget(home).places
    assert not home.config.parent.exists()


# --- any file at all -----------------------------------------------------------------------------------------------

_fields = st.dictionaries(st.sampled_from(["auth", "identitytoken", "email", "x"]), st.sampled_from(["", "dTpw"]))
_auths = st.dictionaries(st.sampled_from([HERE, f"https://{HERE}/", f"{HERE}/team", "other.example", HUB_KEY]), _fields)
_configs = st.builds(
    lambda rest, auths, helpers: {**rest, **auths, **helpers},
    documents.map(lambda document: {f"x{name}": value for name, value in document.items()}),
    st.fixed_dictionaries({}, optional={"auths": _auths | st.none(), "credsStore": st.sampled_from(["", "box"])}),
    st.fixed_dictionaries({}, optional={"credHelpers": st.dictionaries(st.sampled_from([HERE, "o"]), st.just("b"))}),
)
_changes = st.sampled_from(
    [kept_in_file(HERE, ADA), kept_in_file(HERE, TOKEN), kept_by_helper(HERE, "b", as_store=False), forgotten(HERE)]
)
_OURS = {"auths", "credHelpers", "credsStore"}


@pytest.mark.slow
@given(_configs, st.lists(_changes, min_size=1, max_size=4), st.sampled_from([None, 1, 4, "\t"]))
@steady
def test_whatever_is_done_the_rest_keeps_its_values_and_its_order(
    config: dict[str, object], changes: list[object], indent: int | str | None
) -> None:
    raw = json.dumps(config, indent=indent, ensure_ascii=False).encode()
    for change in changes:
        raw = on_bytes("FILE", change)(raw)  # type: ignore[arg-type]
    after = json.loads(raw)
    assert rest_of(config) == rest_of(after)
    for name in ("auths", "credHelpers"):
        assert others(config.get(name)) == others(after.get(name))


def rest_of(config: dict[str, object]) -> list[tuple[str, object]]:
    return [(name, value) for name, value in config.items() if name not in _OURS]


def others(entries: object) -> list[tuple[str, object]]:
    """Those that are not about the registry as a whole."""
    known = entries if isinstance(entries, dict) else {}
    return [(key, value) for key, value in known.items() if key not in {HERE, f"https://{HERE}/"}]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_login_that_changes_nothing_still_leaves_a_file_that_docker_reads(home: Home, encoding: str) -> None:
    choice(home, "file").store(HERE, ADA)
    written = home.config.read_bytes()
    home.write_config(written.decode().encode(encoding))
    choice(home, "file").store(HERE, ADA)
    assert written == home.config.read_bytes()


@pytest.mark.parametrize(
    ("get", "reason"),
    [
        ("echo 'gpg: decryption failed: No secret key'; exit 1", "exit code 1: gpg: decryption failed: No secret key"),
        ("echo 'credentials not found in native keychain'; exit 1", "it has no such entry"),
        ("""echo '{"Username": "ada", "Secret": "older"}'""", "it has another one"),
        ("exit 0", "it ended well and said nothing"),
    ],
)
def test_a_helper_that_takes_and_does_not_give_back_is_told_of(home: Home, get: str, reason: str) -> None:
    home.shell("box", f"if [ $1 = store ]; then exit 0; fi; {get}")
    (note,) = choice(home, "box").store(HERE, ADA).notes
    assert note.startswith(f"docker-credential-box took the credential and does not give it back: {reason} (")
    assert "--store file" in note


@pytest.mark.parametrize("credential", [ADA, TOKEN])
def test_a_helper_that_gives_back_what_it_took_is_not_spoken_of(home: Home, credential: Credential) -> None:
    home.keeper("box")
    assert () == choice(home, "box").store(HERE, credential).notes
