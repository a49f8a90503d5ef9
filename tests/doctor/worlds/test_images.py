"""Images that are not there, not for this machine, not whole, or do not start: one flaw each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.raw_server import RawServer, Talk
from tests.doctor.worlds.around_a_registry import world_about
from tests.doctor.worlds.shelf import Document, Entry, Shelf
from wharf.oci.media_types import DOCKER_SCHEMA1_SIGNED, OCI_MANIFEST

SHA = "453a6545b97fe240727c378291230abeb793d851"
NO_PLATFORM = "Error response from daemon: no matching manifest for {} in the manifest list entries"
UNKNOWN_BLOB = "Error response from daemon: error pulling image configuration: blob unknown: blob unknown to registry"


@pytest.fixture
def shelf() -> Shelf:
    filled = Shelf()
    filled.image("acme/hamalog-backend", "sha-453a654")
    filled.image("acme/hamalog-backend", "main")
    filled.image("acme/hamalog-web", "2.0")
    return filled


@pytest.fixture
def registry(shelf: Shelf) -> Iterator[str]:
    with RawServer(shelf.behave) as server:
        yield server.host


def of_unknown(home: Path, image: str) -> tuple[str, list[str]]:
    text = f"Error response from daemon: manifest for {image} not found: manifest unknown: manifest unknown"
    return world_about(home, image).causes_of(text)


class TestTags:
    def test_the_short_commit_is_there_and_the_long_one_is_asked_for(self, tmp_path: Path, registry: str) -> None:
        image = f"{registry}/acme/hamalog-backend:{SHA}"

        assert ("manifest-unknown", ["tag-of-another-length"]) == of_unknown(tmp_path, image)

    def test_the_tag_has_a_prefix(self, tmp_path: Path, registry: str) -> None:
        image = f"{registry}/acme/hamalog-backend:453a654"

        assert ("manifest-unknown", ["tag-with-prefix-or-suffix"]) == of_unknown(tmp_path, image)

    def test_nobody_pushes_latest(self, tmp_path: Path, registry: str) -> None:
        image = f"{registry}/acme/hamalog-backend:latest"

        assert ("manifest-unknown", ["latest-never-made"]) == of_unknown(tmp_path, image)

    def test_another_repository_has_it(self, tmp_path: Path, registry: str) -> None:
        image = f"{registry}/acme/hamalog-backend:2.0"

        assert ("manifest-unknown", ["in-another-repository"]) == of_unknown(tmp_path, image)

    def test_it_was_never_pushed(self, tmp_path: Path, registry: str) -> None:
        image = f"{registry}/acme/hamalog-backend:nightly"

        assert ("manifest-unknown", ["tag-never-pushed"]) == of_unknown(tmp_path, image)

    def test_it_is_misspelled(self, tmp_path: Path, registry: str) -> None:
        assert ("manifest-unknown", ["tag-misspelled"]) == of_unknown(tmp_path, f"{registry}/acme/hamalog-backend:Main")

    def test_there_is_no_such_repository(self, tmp_path: Path, registry: str) -> None:
        text = "Error response from daemon: name unknown: repository name not known to registry"
        world = world_about(tmp_path, f"{registry}/hamalog:1.0")

        assert ("repository-unknown", ["path-wrong-or-never-pushed"]) == world.causes_of(text)


class TestParts:
    def test_cleaning_took_an_image_of_the_index_away(self, tmp_path: Path, shelf: Shelf, registry: str) -> None:
        child = shelf.image("acme/app", "")
        shelf.index("acme/app", "1.0", [("linux/amd64", child)])
        del shelf.manifests["acme/app"][child.digest]

        assert ("manifest-unknown", ["index-child-gone"]) == of_unknown(tmp_path, f"{registry}/acme/app:1.0")

    def test_only_clients_of_oci_are_given_it(self, tmp_path: Path, shelf: Shelf, registry: str) -> None:
        shelf.image("acme/app", "1.0")
        shelf.only = OCI_MANIFEST

        assert ("manifest-unknown", ["client-does-not-take-the-type"]) == of_unknown(
            tmp_path, f"{registry}/acme/app:1.0"
        )

    def test_a_layer_was_lost(self, tmp_path: Path, shelf: Shelf, registry: str) -> None:
        shelf.blobs = {digest: content for digest, content in shelf.blobs.items() if content.startswith(b"{")}
        world = world_about(tmp_path, f"{registry}/acme/hamalog-web:2.0")

        assert ("blob-missing-in-registry", ["layer-lost"]) == world.causes_of(UNKNOWN_BLOB)

    def test_the_configuration_was_lost(self, tmp_path: Path, shelf: Shelf, registry: str) -> None:
        shelf.blobs = {digest: content for digest, content in shelf.blobs.items() if not content.startswith(b"{")}
        world = world_about(tmp_path, f"{registry}/acme/hamalog-web:2.0")

        assert ("blob-missing-in-registry", ["config-lost"]) == world.causes_of(UNKNOWN_BLOB)

    def test_the_image_is_of_2014(self, tmp_path: Path, shelf: Shelf, registry: str) -> None:
        shelf.put("acme/old", "1", Document(DOCKER_SCHEMA1_SIGNED, b'{"schemaVersion": 1, "name": "acme/old"}'))
        text = 'media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported'
        world = world_about(tmp_path, f"{registry}/acme/old:1")

        assert ("schema1-image", ["old-image"]) == world.causes_of(text)

    def test_the_registry_sends_something_else_than_it_says(self, tmp_path: Path) -> None:
        def lying(talk: Talk) -> None:
            talk.say(200, b"{}", content_type=OCI_MANIFEST, docker_content_digest=f"sha256:{'0' * 64}")

        text = "Error response from daemon: manifest verification failed for digest sha256:0000"
        with RawServer(lying) as server:
            world = world_about(tmp_path, f"{server.host}/acme/app:1.0")

            assert ("downloaded-content-broken", ["registry-lies"]) == world.causes_of(text)


class TestPlatforms:
    def test_not_built_for_the_machine(self, tmp_path: Path, shelf: Shelf, registry: str) -> None:
        shelf.index("acme/app", "1.0", [("linux/amd64", shelf.image("acme/app", ""))])
        world = world_about(tmp_path, f"{registry}/acme/app:1.0")

        assert ("platform-not-in-image", ["not-built-for-it"]) == world.causes_of(NO_PLATFORM.format("linux/arm64/v8"))

    def test_built_for_another_variant(self, tmp_path: Path, shelf: Shelf, registry: str) -> None:
        shelf.index("acme/app", "1.0", [("linux/arm/v7", shelf.image("acme/app", "", platform="linux/arm"))])
        world = world_about(tmp_path, f"{registry}/acme/app:1.0")

        assert ("platform-not-in-image", ["only-variant-differs"]) == world.causes_of(
            NO_PLATFORM.format("linux/arm/v6")
        )

    def test_nothing_but_attestations_is_left(self, tmp_path: Path, shelf: Shelf, registry: str) -> None:
        shelf.index("acme/app", "1.0", [("attestation", shelf.image("acme/app", ""))])
        world = world_about(tmp_path, f"{registry}/acme/app:1.0")

        assert ("platform-not-in-image", ["only-attestations"]) == world.causes_of(NO_PLATFORM.format("linux/amd64"))


class TestPrograms:
    SHELL = Entry(b"\x7fELF\x02\x01\x01" + bytes(11) + b"\x3e\x00" + bytes(44))

    def causes(
        self, home: Path, text: str, program: bytes | None, *, platform: str = "linux/amd64"
    ) -> tuple[str, list[str]]:
        shelf = Shelf()
        files = {"bin/sh": self.SHELL, **({"start.sh": Entry(program)} if program is not None else {})}
        shelf.image("acme/app", "1.0", files=files, entrypoint=["/start.sh"], platform=platform)
        with RawServer(shelf.behave) as server:
            return world_about(home, f"{server.host}/acme/app:1.0", platform="linux/amd64").causes_of(text)

    def test_a_script_with_line_ends_of_windows(self, tmp_path: Path) -> None:
        text = 'unable to start container process: exec: "/start.sh": no such file or directory'

        assert ("start-program-not-found", ["script-with-windows-line-ends"]) == self.causes(
            tmp_path, text, b"#!/bin/sh\r\nexec app\r\n"
        )

    def test_a_script_that_does_not_say_who_reads_it(self, tmp_path: Path) -> None:
        assert ("exec-format-error", ["script-without-interpreter"]) == self.causes(
            tmp_path, "exec /start.sh: exec format error", b"exec app\n"
        )

    def test_an_image_for_another_processor(self, tmp_path: Path) -> None:
        program = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xb7\x00" + bytes(44)

        assert ("exec-format-error", ["image-for-another-processor"]) == self.causes(
            tmp_path, "exec /start.sh: exec format error", program, platform="linux/arm64"
        )

    def test_a_program_for_another_processor_in_an_image_for_this_one(self, tmp_path: Path) -> None:
        program = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xb7\x00" + bytes(44)

        assert ("exec-format-error", ["program-for-another-processor"]) == self.causes(
            tmp_path, "exec /start.sh: exec format error", program
        )

    def test_a_program_that_is_not_in_the_image(self, tmp_path: Path) -> None:
        text = 'unable to start container process: exec: "/start.sh": stat /start.sh: no such file or directory'

        assert ("start-program-not-found", ["program-not-in-image"]) == self.causes(tmp_path, text, None)


def test_a_layer_that_the_registry_itself_has_damaged(tmp_path: Path, registry: str, shelf: Shelf) -> None:
    for digest, content in shelf.blobs.items():
        if content.startswith(b"\x1f\x8b"):
            shelf.blobs[digest] = content + b"more"
    world = world_about(tmp_path, f"{registry}/acme/hamalog-backend:main")

    assert ("downloaded-content-broken", ["registry-has-it-damaged"]) == world.causes_of(
        f"filesystem layer verification failed for digest sha256:{'1' * 64}"
    )
