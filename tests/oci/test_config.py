"""Configurations of images, as Docker and others write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import read_or_refused, steady
from tests.oci.strategies import json_values
from wharf.errors import MalformedConfig, MalformedJson, WharfError
from wharf.oci.config import HistoryEntry, ImageConfig, Runtime
from wharf.oci.digest import Digest
from wharf.oci.platform import Platform
from wharf.oci.strict_json import JsonValue

DIFF_ID = Digest.of(b"layer")
WRITTEN_BY_DOCKER: dict[str, JsonValue] = {
    "architecture": "arm64",
    "os": "linux",
    "variant": "v8",
    "created": "2024-05-01T00:00:00Z",
    "author": "somebody",
    "config": {
        "User": "1000",
        "WorkingDir": "/app",
        "Env": ["PATH=/bin"],
        "Entrypoint": ["/bin/app"],
        "Cmd": None,
        "ExposedPorts": {"8080/tcp": {}},
        "Volumes": {"/data": {}},
        "Labels": {"a": "b"},
        "StopSignal": "SIGTERM",
        "OnBuild": None,
    },
    "rootfs": {"type": "layers", "diff_ids": [str(DIFF_ID)]},
    "history": [{"created_by": "COPY / /", "created": "x", "author": "y", "comment": "z"}, {"empty_layer": True}],
}


def read(**other: JsonValue) -> ImageConfig:
    return ImageConfig.parse(json.dumps({**WRITTEN_BY_DOCKER, **other}).encode())


def test_the_platform_is_read() -> None:
    assert Platform("linux", "arm64", "v8") == read().platform


def test_how_a_container_starts_is_read() -> None:
    runtime = Runtime(
        user="1000",
        working_dir="/app",
        env=("PATH=/bin",),
        entrypoint=("/bin/app",),
        exposed_ports=("8080/tcp",),
        volumes=("/data",),
        labels={"a": "b"},
        stop_signal="SIGTERM",
    )
    assert runtime == read().runtime


def test_the_uncompressed_layers_are_read() -> None:
    assert (DIFF_ID,) == read().diff_ids


def test_the_steps_of_the_build_are_read() -> None:
    assert (HistoryEntry("x", "COPY / /", "y", "z"), HistoryEntry(empty_layer=True)) == read().history


def test_author_and_time_are_read() -> None:
    assert ("somebody", "2024-05-01T00:00:00Z") == (read().author, read().created)


def test_the_empty_configuration_of_an_artifact_is_read() -> None:
    config = ImageConfig.parse(b"{}")
    assert (Platform("", ""), Runtime(), (), ()) == (config.platform, config.runtime, config.diff_ids, config.history)


def test_the_bytes_are_kept_and_named_by_their_digest() -> None:
    config = ImageConfig.parse(b' {"os": "linux"}\n')
    assert (b' {"os": "linux"}\n', Digest.of(config.raw)) == (config.raw, config.digest())


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"os": 1}, "os"),
        ({"config": []}, "config"),
        ({"config": {"Env": "PATH"}}, "config.Env"),
        ({"config": {"Cmd": ["a", 1]}}, "config.Cmd[1]"),
        ({"config": {"Labels": {"a": 1}}}, "config.Labels.a"),
        ({"config": {"Volumes": ["/data"]}}, "config.Volumes"),
        ({"rootfs": {"diff_ids": ["x"]}}, "rootfs.diff_ids[0]"),
        ({"history": {}}, "history"),
        ({"history": [1]}, "history[0]"),
        ({"history": [{"empty_layer": 1}]}, "history[0].empty_layer"),
    ],
)
def test_members_of_other_kinds_are_refused_with_their_path(other: dict[str, JsonValue], where: str) -> None:
    with pytest.raises(MalformedConfig) as caught:
        read(**other)
    assert where == caught.value.where


def test_what_is_no_json_is_refused_as_such() -> None:
    with pytest.raises(MalformedJson):
        ImageConfig.parse(b"\x1f\x8b")


@given(st.sampled_from([*WRITTEN_BY_DOCKER]), json_values)
@steady
def test_any_value_of_a_member_is_read_or_refused(name: str, value: JsonValue) -> None:
    raw = json.dumps({**WRITTEN_BY_DOCKER, name: value}).encode()
    outcome = read_or_refused(ImageConfig.parse, raw)
    assert isinstance(outcome, WharfError) or raw == outcome.raw


@given(st.binary())
@steady
def test_any_bytes_are_a_configuration_as_they_stand_or_refused(raw: bytes) -> None:
    outcome = read_or_refused(ImageConfig.parse, raw)
    assert isinstance(outcome, WharfError) or raw == outcome.raw
