"""Files of credentials: whole ones, and those that people and their shells have been at."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.credentials.stage import auth
from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, steady
from wharf.credentials.config_file import ConfigFile, Form, parse_config
from wharf.credentials.credential import Password
from wharf.credentials.proxies import ProxySettings
from wharf.credentials.secret import Secret

ENTRY = f'{{"auth": "{auth("ada", "open-sesame")}"}}'
WHOLE = f"""{{
  "auths": {{
    "https://index.docker.io/v1/": {ENTRY},
    "ghcr.io": {{}}
  }},
  "credsStore": "pass",
  "credHelpers": {{"a.example": "ecr-login", "b.example": ""}},
  "HttpHeaders": {{"X-Meta": "sesame", "User-Agent": "me"}},
  "proxies": {{"default": {{"httpProxy": "http://u:sesame@proxy:3128", "noProxy": "*.example"}}}},
  "psFormat": "table",
  "plugins": {{}}, "features": {{}}, "aliases": {{}}, "currentContext": "x", "cliPluginsExtraDirs": []
}}"""


def parsed(text: str, form: Form = Form.DOCKER) -> ConfigFile:
    return parse_config(text.encode(), "FILE", form)


def usernames(config: ConfigFile) -> list[str]:
    return [placed.entry.username for placed in config.entries.values() if placed.entry.credential]


def test_a_whole_file_is_read() -> None:
    config = parsed(WHOLE)
    assert Password("ada", Secret("open-sesame")) == config.entries["https://index.docker.io/v1/"].entry.credential
    assert 4 == config.entries["ghcr.io"].line
    assert ("pass", {"a.example": "ecr-login", "b.example": ""}) == (config.creds_store, config.cred_helpers)
    assert ((), ()) == (config.warnings, config.faults)


def test_proxies_and_headers_are_read_and_not_shown() -> None:
    config = parsed(WHOLE)
    assert {"X-Meta": "sesame"} == config.http_headers
    assert ProxySettings(http="http://u:sesame@proxy:3128", no_proxy="*.example") == config.proxies.of("tcp://any:2375")
    assert "sesame" not in repr(config)


@pytest.mark.parametrize("name", ["Authorization", "host", "Content-Length", "Transfer-Encoding", "X Meta", ""])
def test_a_header_that_is_not_for_a_file_to_say_is_left_out_and_told(name: str) -> None:
    config = parsed(json.dumps({"HttpHeaders": {"X-Meta": "a", name: "b"}}))
    assert ({"X-Meta": "a"}, 1) == (config.http_headers, len(config.warnings))


@pytest.mark.parametrize("value", ["a\r\nX-Evil: b", "\0", "한", ["a"], 1])
def test_a_header_that_cannot_be_sent_is_left_out_and_its_value_not_told(value: object) -> None:
    config = parsed(json.dumps({"HttpHeaders": {"X-Meta": value}}))
    assert ({}, ("FILE: line 1: the header X-Meta is no header that can be sent",)) == (
        config.http_headers,
        config.warnings,
    )


@pytest.mark.parametrize(
    ("raw", "remark"),
    [
        (b"\xef\xbb\xbf" + WHOLE.encode(), "it begins with a byte order mark, which docker does not read"),
        (WHOLE.encode("utf-16"), "it is written in UTF-16, which docker does not read"),
        (WHOLE.encode("utf-16-le"), "it is written in UTF-16, which docker does not read"),
        (WHOLE.encode("utf-16-be"), "it is written in UTF-16, which docker does not read"),
    ],
    ids=["UTF-8 with a mark", "UTF-16 with a mark", "UTF-16, little end first", "UTF-16, big end first"],
)
def test_what_windows_powershell_writes_is_read_and_told(raw: bytes, remark: str) -> None:
    config = parse_config(raw, "FILE")
    assert (["ada"], 1, ()) == (usernames(config), len(config.warnings), config.faults)
    assert config.warnings[0].startswith(f"FILE: {remark}; write it as UTF-8 without a mark")


def test_line_ends_of_windows_are_nothing_to_speak_of() -> None:
    config = parse_config(WHOLE.replace("\n", "\r\n").encode(), "FILE")
    assert (["ada"], 4, ()) == (usernames(config), config.entries["ghcr.io"].line, config.warnings)


def test_one_broken_entry_does_not_hide_the_others() -> None:
    config = parsed(f'{{"auths": {{\n"a": {{"auth": "%"}},\n"b": {ENTRY}\n}}}}')
    assert (["ada"], ()) == (usernames(config), config.faults)
    assert ('FILE: line 2, the entry for a: "auth" is not base64',) == config.warnings


def test_what_stands_before_a_fault_is_read() -> None:
    config = parsed(f'{{"auths": {{\n"a": {ENTRY},\n"b": {{"auth": "dTp')
    assert ["ada"] == usernames(config)
    assert config.faults[0].startswith("line 3, column 15: not JSON: unterminated string")
    assert "FILE: line 3, the entry for b: it is cut short" in config.warnings


def test_a_comma_too_many_is_passed_over_and_told() -> None:
    config = parsed(f'{{"auths": {{"a": {ENTRY},}}, "credsStore": "pass"}}')
    assert (["ada"], "pass") == (usernames(config), config.creds_store)
    assert "a comma too many" in config.warnings[0]


def test_a_file_in_another_alphabet_is_not_whole() -> None:
    config = parse_config(f'{{"auths": {{"a": {ENTRY}}}, "psFormat": "\xe9"}}'.encode("latin-1"), "FILE")
    assert ["ada"] == usernames(config)
    assert config.faults[0].startswith("byte ")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("credStore", "credsStore"),
        ("credstore", "credsStore"),
        ("credentialsStore", "credsStore"),
        ("creds_store", "credsStore"),
        ("credHelper", "credHelpers"),
        ("credentialHelpers", "credHelpers"),
        ("auth", "auths"),
        ("authentications", ""),
        ("HttpHeader", "HttpHeaders"),
        ("proxys", "proxies"),
        ("pluginsFormat", ""),
        ("secretFormat", ""),
        ("configFormat", ""),
        ("detachKeys", ""),
        ("stackOrchestrator", ""),
        ("pruneFilters", ""),
    ],
)
def test_a_slip_in_a_name_is_told(name: str, meant: str) -> None:
    expected = (f"FILE: line 2: {name} is not a name that docker knows; {meant} is",) if meant else ()
    assert expected == parsed(f'{{\n"{name}": null}}').warnings


@pytest.mark.parametrize("name", ["credSstore", "CREDSSTORE"])
def test_docker_takes_a_name_in_any_case_and_others_do_not(name: str) -> None:
    config = parsed(f'{{"{name}": "pass"}}')
    assert "pass" == config.creds_store
    assert f"FILE: line 1: {name} is credsStore to docker, but not to programs" in config.warnings[0]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('{"auths": []}', "FILE: line 1: auths is an array, and must be an object"),
        ('{"auths": "x"}', "FILE: line 1: auths is a string, and must be an object"),
        ('{"credsStore": true}', "FILE: line 1: what stands for credsStore is not the name of a helper"),
        ('{"credsStore": "../box"}', "FILE: line 1: what stands for credsStore is not the name of a helper"),
        ('{"credHelpers": {"a": {}}}', "FILE: line 1: what stands for a is not the name of a helper"),
    ],
)
def test_a_value_of_a_wrong_kind_is_told(text: str, warning: str) -> None:
    assert (warning,) == parsed(text).warnings


@pytest.mark.parametrize("text", ["", " \n", "{}", '{"auths": null, "credHelpers": null, "credsStore": null}'])
def test_a_file_can_say_nothing(text: str) -> None:
    config = parsed(text)
    assert (False, (), ()) == (config.says_who, config.warnings, config.faults)


def test_the_old_form_has_its_entries_at_the_top() -> None:
    config = parsed(f'{{"https://index.docker.io/v1/": {ENTRY}}}', Form.LEGACY)
    assert (["ada"], ()) == (usernames(config), config.warnings)


def test_podman_does_not_use_creds_store_and_neither_do_we() -> None:
    config = parsed('{"credsStore": "pass"}', Form.CONTAINERS)
    assert "" == config.creds_store
    assert "FILE: line 1: credsStore is not used in this file" in config.warnings[0]


def test_what_docker_does_not_take_in_the_variable_is_told() -> None:
    config = parsed(f'{{"auths": {{"a": {ENTRY}}}, "HttpHeaders": {{}}, "x": 1}}', Form.VARIABLE)
    assert ["ada"] == usernames(config)
    assert ["HttpHeaders", "x"] == [warning.split(" for ")[1].split(":")[0] for warning in config.warnings]


@pytest.mark.parametrize("name", ENORMOUS_TEXTS)
def test_enormous_input_takes_little_time(name: str) -> None:
    raw = ENORMOUS_TEXTS[name].encode("utf-8", "surrogatepass")
    for each in (raw, b'{"' + raw, b'{"auths": {"' + raw.replace(b'"', b"'") + b'": {"auth": "' + raw):
        assert cpu_seconds(lambda given: parse_config(given, "FILE"), each) < 2


@pytest.mark.slow
def test_many_broken_entries_take_little_time() -> None:
    text = '{"auths": {' + ",\n".join(f'"{number}": {{"auth": "%"}}' for number in range(20_000)) + "}}"
    assert cpu_seconds(lambda given: parse_config(given, "FILE"), text.encode()) < 2


@given(st.data())
@steady
def test_a_file_in_which_anything_was_changed_is_read_or_told(data: st.DataObject) -> None:
    raw = bytearray(WHOLE.encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        length = data.draw(st.integers(0, 5))
        raw[at : at + length] = data.draw(st.binary(max_size=3))
    config = parse_config(bytes(raw), "FILE")
    assert "sesame" not in repr(config)
    assert all(warning.startswith("FILE: ") and "\n" not in warning for warning in config.warnings)
