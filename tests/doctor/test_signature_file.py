import pytest

from wharf.doctor.pattern import Program, Weight
from wharf.doctor.probe import known_probes
from wharf.doctor.signature import Signature, Source, System, system_of
from wharf.doctor.signature_file import parse_signature
from wharf.errors import SettingRefused

WHOLE = """\
title = { en = "It failed", ko = "실패했습니다" }
weight = "remark"
outranks = ["another"]
sources = ["docker/cli#1263", "https://docs.docker.com/", "a book"]

[[patterns]]
text = "it failed at {host}"
by = ["docker", "podman"]
versions = "until 20.10"

[[causes]]
id = "sudo"
probe = "session"
when = { "session.sudo" = true }
unless = { "config.entry" = ["password"] }
text = { en = "Somebody is root.", ko = "root입니다." }
fix = { en = "Do not.", ko = "하지 마십시오." }
commands = [{ run = "wharf login {host}", on = ["linux"] }]
"""


def read(text: str) -> Signature:
    return parse_signature("it-failed", text, known_probes())


def test_a_file_becomes_a_signature() -> None:
    signature = read(WHOLE)
    assert ("it-failed", Weight.REMARK, ["another"]) == (signature.id, signature.weight, sorted(signature.outranks))
    assert {Program.CLI, Program.CONTAINERS} == signature.patterns[0].said_by
    assert "sudo" == signature.causes[0].id
    assert {System.LINUX} == signature.causes[0].fix.commands[0].systems


def test_a_thread_has_an_address_and_a_book_has_none() -> None:
    addresses = ["https://github.com/docker/cli/issues/1263", "https://docs.docker.com/", None]
    assert addresses == [source.url for source in read(WHOLE).sources]
    assert Source("a book") == read(WHOLE).sources[2]


def test_a_signature_with_a_state_needs_no_pattern() -> None:
    silent = WHOLE[: WHOLE.index("[[patterns]]")] + WHOLE[WHOLE.index("[[causes]]") :]
    assert read('state.when = { "session.sudo" = true }\n' + silent).is_silent


@pytest.mark.parametrize(
    ("here", "instead"),
    [
        ('ko = "실패했습니다"', 'ko = ""'),
        ('en = "It failed", ', ""),
        ('weight = "remark"', 'weight = "heavy"'),
        ('weight = "remark"', 'wieght = "remark"'),
        ('by = ["docker", "podman"]', 'by = ["somebody"]'),
        ('text = "it failed at {host}"', "text = 3"),
        ('text = "it failed at {host}"', 'text = "{host}"'),
        ('probe = "session"', 'probe = "sesion"'),
        ('"session.sudo" = true', '"session.sudo" = "yes"'),
        ('"session.sudo" = true', '"session.pseudo" = true'),
        ('["password"]', '["passwort"]'),
        ('on = ["linux"]', 'on = ["amiga"]'),
        ('sources = ["docker/cli#1263"', "sources = [1263"),
        ("[[causes]]", "[[cause]]"),
        ('id = "sudo"\n', ""),
        ("[[patterns]]", "[patterns]"),
        ("]", ""),
    ],
)
def test_a_file_with_a_slip_in_it_is_refused_with_its_name(here: str, instead: str) -> None:
    assert here in WHOLE
    with pytest.raises(SettingRefused) as caught:
        read(WHOLE.replace(here, instead))
    assert caught.value.place in {"it-failed.toml", "a pattern", "probes"}


def test_without_a_pattern_and_a_state_it_is_refused() -> None:
    with pytest.raises(SettingRefused, match="never be recognised"):
        read(WHOLE[: WHOLE.index("[[patterns]]")] + WHOLE[WHOLE.index("[[causes]]") :])


def test_two_causes_of_one_id_are_refused() -> None:
    with pytest.raises(SettingRefused, match="two of them have one id"):
        read(WHOLE + WHOLE[WHOLE.index("[[causes]]") :])


@pytest.mark.parametrize(
    ("platform", "system"),
    [
        ("win32", System.WINDOWS),
        ("cygwin", System.WINDOWS),
        ("darwin", System.MACOS),
        ("linux", System.LINUX),
        ("freebsd14", System.LINUX),
    ],
)
def test_the_system_is_known_from_the_platform(platform: str, system: System) -> None:
    assert system is system_of(platform)
