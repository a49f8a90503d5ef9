"""Platforms: the written form, the form in JSON, and which spellings mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, read_or_refused, steady
from tests.oci.strategies import platforms
from wharf.errors import MalformedManifest, MalformedPlatform, WharfError
from wharf.oci.platform import Platform
from wharf.oci.strict_json import JsonValue


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/amd64", Platform("linux", "amd64")),
        ("linux/arm64/v8", Platform("linux", "arm64", "v8")),
        ("windows(10.0.17763)/amd64", Platform("windows", "amd64", os_version="10.0.17763")),
        ("unknown/unknown", Platform("unknown", "unknown")),
    ],
)
def test_a_platform_is_read(text: str, platform: Platform) -> None:
    assert platform == Platform.parse(text)


@pytest.mark.parametrize("text", ["", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux amd64", "a(b/c", "a/b\n"])
def test_what_is_no_platform_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MalformedPlatform) as caught:
        Platform.parse(text)
    assert "for example linux/amd64 or linux/arm/v7" == caught.value.diagnostics().next_step


@given(platforms)
@steady
def test_a_platform_survives_being_written_and_read(platform: Platform) -> None:
    assert platform == Platform.parse(str(platform))


@given(st.text(st.sampled_from("ab/().v7 "), max_size=20) | st.text())
@steady
def test_any_text_is_a_platform_as_it_stands_or_refused(text: str) -> None:
    read = read_or_refused(Platform.parse, text)
    assert isinstance(read, WharfError) or text == str(read)


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_enormous_text_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(Platform.parse, ENORMOUS_TEXTS[kind]) < 0.005


def test_all_members_of_the_specification_are_read_and_written() -> None:
    value: JsonValue = {
        "architecture": "amd64",
        "os": "windows",
        "os.version": "10.0",
        "os.features": ["win32k"],
        "variant": "v2",
    }
    assert value == Platform.from_json(value, "platform").to_json()


def test_members_that_are_left_away_are_empty() -> None:
    assert Platform("", "") == Platform.from_json({}, "platform")


@pytest.mark.parametrize("value", ["linux/amd64", {"os": 1}, {"os.features": "win32k"}, {"os.features": [1]}])
def test_members_of_other_kinds_are_refused(value: JsonValue) -> None:
    with pytest.raises(MalformedManifest):
        Platform.from_json(value, "platform")


@pytest.mark.parametrize(
    ("offered", "wanted"),
    [
        ("linux/amd64", "linux/amd64"),
        ("linux/amd64", "linux/x86_64"),
        ("linux/amd64", "Linux/AMD64/v1"),
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/arm64/v8", "linux/aarch64"),
        ("linux/arm64/8", "linux/arm64"),
        ("linux/arm/v7", "linux/arm"),
        ("linux/armhf", "linux/arm/7"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/i686", "linux/386"),
        ("windows(10.0.17763.592)/amd64", "windows/amd64"),
        ("windows(10.0.17763.592)/amd64", "windows(10.0.17763)/amd64"),
        ("windows(10.0.17763)/amd64", "windows(10.0.17763)/amd64"),
    ],
)
def test_spellings_that_mean_the_same_match(offered: str, wanted: str) -> None:
    assert Platform.parse(offered).matches(Platform.parse(wanted))


@pytest.mark.parametrize(
    ("offered", "wanted"),
    [
        ("linux/amd64", "linux/arm64"),
        ("linux/amd64", "windows/amd64"),
        ("linux/arm/v6", "linux/arm/v7"),
        ("linux/amd64", "linux/amd64/v3"),
        ("windows/amd64", "windows(10.0.17763)/amd64"),
        ("windows(10.0.177630)/amd64", "windows(10.0.17763)/amd64"),
    ],
)
def test_what_was_not_asked_for_does_not_match(offered: str, wanted: str) -> None:
    assert not Platform.parse(offered).matches(Platform.parse(wanted))


def test_features_that_were_asked_for_must_be_there() -> None:
    wanted = Platform("windows", "amd64", os_features=("win32k",))
    offers = (Platform("windows", "amd64"), Platform("windows", "amd64", os_features=("other", "win32k")))
    assert [False, True] == [offered.matches(wanted) for offered in offers]


@pytest.mark.parametrize(
    ("machine", "expected"),
    [("x86_64", "linux/amd64"), ("AMD64", "linux/amd64"), ("aarch64", "linux/arm64"), ("armv7l", "linux/arm/v7"),
     ("riscv64", "linux/riscv64")],
)  # fmt: skip
def test_a_machine_runs_images_of_its_processor(machine: str, expected: str) -> None:
    assert expected == str(Platform.of_machine(machine))
