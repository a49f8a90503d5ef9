"""Places of images, as people write them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, read_or_refused, steady
from wharf.errors import MalformedPlace, MalformedReference, WharfError
from wharf.images.place import (
    ArchivePlace,
    DaemonPlace,
    LayoutArchivePlace,
    LayoutPlace,
    Place,
    RegistryPlace,
    parse_place,
)
from wharf.images.ref_name import RefName
from wharf.oci.digest import Digest
from wharf.oci.reference import Reference, Tag

DIGEST = Digest.of(b"")
APP = Reference.parse("app:v1")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("registry.example/team/app:v1", RegistryPlace(Reference.parse("registry.example/team/app:v1"))),
        ("app", RegistryPlace(Reference.parse("app"))),
        ("localhost:5000/app", RegistryPlace(Reference.parse("localhost:5000/app"))),
        ("docker://app:v1", RegistryPlace(APP)),
        (f"docker://app@{DIGEST}", RegistryPlace(Reference.parse(f"app@{DIGEST}"))),
        ("oci:images", LayoutPlace(Path("images"))),
        ("oci:images:v1", LayoutPlace(Path("images"), Tag("v1"))),
        ("oci:/srv/my images:v1", LayoutPlace(Path("/srv/my images"), Tag("v1"))),
        (f"oci:images@{DIGEST}", LayoutPlace(Path("images"), DIGEST)),
        (f"oci:images:{DIGEST}", LayoutPlace(Path("images"), DIGEST)),
        ("oci:a@b:v1", LayoutPlace(Path("a@b"), Tag("v1"))),
        ("oci:C:\\images", LayoutPlace(Path("C:\\images"))),
        ("oci:C:/images:v1", LayoutPlace(Path("C:/images"), Tag("v1"))),
        ("oci:C:v1", LayoutPlace(Path("C"), Tag("v1"))),
        ("oci:images:localhost/app:v1", LayoutPlace(Path("images"), RefName("localhost/app:v1"))),
        ("oci:images:v1+2", LayoutPlace(Path("images"), RefName("v1+2"))),
        ("oci:C:/images:host:5000/app:v1", LayoutPlace(Path("C:/images"), RefName("host:5000/app:v1"))),
        ("oci-archive:i.tar:localhost/app:v1", LayoutArchivePlace(Path("i.tar"), RefName("localhost/app:v1"))),
        ("oci-archive:images.tar:v1", LayoutArchivePlace(Path("images.tar"), Tag("v1"))),
        ("docker-archive:images.tar", ArchivePlace(Path("images.tar"))),
        ("docker-archive:images.tar:app:v1", ArchivePlace(Path("images.tar"), APP)),
        ("docker-archive:images.tar:app", ArchivePlace(Path("images.tar"), Reference.parse("app:latest"))),
        ("docker-archive:a.tar:host:5000/app:v1", ArchivePlace(Path("a.tar"), Reference.parse("host:5000/app:v1"))),
        ("docker-archive:D:\\images.tar:app:v1", ArchivePlace(Path("D:\\images.tar"), APP)),
        ("docker-daemon:app:v1", DaemonPlace(APP)),
        (f"docker-daemon:{DIGEST}", DaemonPlace(DIGEST)),
        ("docker-daemon:app", DaemonPlace(Reference.parse("app:latest"))),
    ],
)  # fmt: skip
def test_a_place_is_read_and_written_again(text: str, place: Place) -> None:
    assert place == parse_place(text)
    assert place == parse_place(str(place))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("oci:", "use oci:FOLDER"),
        ("oci::v1", "use oci:FOLDER"),
        ("oci:images:", "use oci:images or oci:images:TAG"),
        ("oci:images:v1~2", "use v1-2"),
        ("oci:images:sha256:abc", "give the whole digest: a shortened one names nothing"),
        (f"oci:images:v1@{DIGEST}", f"use oci:images@{DIGEST}"),
        ("docker-archive:", "use docker-archive:FILE"),
        ("docker-archive:a.tar:", "use docker-archive:a.tar:NAME:TAG"),
        ("docker-archive:a.tar:@0", "use docker-archive:a.tar:NAME:TAG"),
        (f"docker-archive:a.tar:app@{DIGEST}", "use docker-archive:a.tar:NAME:TAG"),
        (f"docker-daemon:app@{DIGEST}", "use docker-daemon:NAME:TAG"),
        ("docker-daemon:sha256:abc", "give the whole digest: a shortened one names nothing"),
        ("docker-daemon:", "use docker-daemon:NAME:TAG"),
        ("docker:app:v1", "use docker://app:v1"),
        ("dir:/srv/images", "a folder of images is oci:FOLDER"),
        ("dir:v1", "a folder of images is oci:FOLDER; a repository of this name: docker://dir:v1"),
        ("containers-storage:/app", "let podman push it: podman push IMAGE oci:FOLDER:TAG"),
        ("https://registry.example/app", "use docker://registry.example/app"),
        ("docker-archve:a.tar", "use docker-archive:a.tar"),
        ("docker-demon:app", "use docker-daemon:app"),
        ("OCI:images", "use oci:images"),
        ("images.tar", "use docker-archive:images.tar"),
        ("/srv/images.tar.gz", "use docker-archive:/srv/images.tar.gz"),
        ("./images", "use oci:./images"),
        ("/srv/images", "use oci:/srv/images"),
        ("~/images", "use oci:~/images"),
        ("C:\\images", "use oci:C:\\images"),
        ("C:\\images.tar", "use docker-archive:C:\\images.tar"),
    ],
)  # fmt: skip
def test_what_is_no_place_is_refused_with_what_was_meant(text: str, hint: str) -> None:
    with pytest.raises(MalformedPlace) as caught:
        parse_place(text)
    assert hint == caught.value.diagnostics().next_step


@pytest.mark.parametrize("text", ["docker-registry:v2", "docker-compose:v2", "oci-tools/app:v1", "team/images.tar.d"])
def test_repositories_with_such_names_are_repositories(text: str) -> None:
    assert RegistryPlace(Reference.parse(text)) == parse_place(text)


def test_a_name_that_is_no_reference_is_refused_within_its_place() -> None:
    with pytest.raises(MalformedPlace) as caught:
        parse_place("docker-archive:a.tar:App")
    assert "a repository name is written in lower case" == caught.value.reason


@pytest.mark.parametrize("text", ["", "Team/App", "app:v1:v2", "docker://App"])
def test_what_is_no_reference_is_refused_as_one(text: str) -> None:
    with pytest.raises(MalformedReference):
        parse_place(text)


@given(st.text(st.sampled_from("ab:/@C\\.-"), max_size=12), st.sampled_from(["", "oci:", "docker-archive:", "docker:"]))
@steady
def test_any_text_is_a_place_that_can_be_written_or_is_refused(text: str, scheme: str) -> None:
    outcome = read_or_refused(parse_place, scheme + text)
    assert isinstance(outcome, WharfError) or outcome == parse_place(str(outcome))


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_enormous_text_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(parse_place, ENORMOUS_TEXTS[kind]) < 0.02
    assert cpu_seconds(parse_place, "oci:" + ENORMOUS_TEXTS[kind]) < 0.02
