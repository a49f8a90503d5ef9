"""Registries that misbehave: each misdeed ends in a clear error or in success, and nothing false is believed."""

import asyncio
import io
import secrets
from collections.abc import Iterator
from typing import TypeVar

import pytest

from tests.client.cargo import cargo_of, config, described, image, read, unwatched
from tests.client.sessions import Story, run_at
from wharf.client import delivery
from wharf.client.repository import RemoteRepository
from wharf.credentials.credential import Password
from wharf.credentials.keychain import Lookup
from wharf.credentials.secret import Secret
from wharf.errors import (
    DigestMismatch,
    RemoteAnswered,
    RemoteMisbehaved,
    RemoteProblem,
    Schema1Refused,
    SizeMismatch,
    Unreachable,
    WharfError,
)
from wharf.images.sink import Arrival, Cargo
from wharf.images.verified import Verified
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_MANIFEST
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.hostile_registry import HostileRegistry, Misdeed

T = TypeVar("T")
NAME = RepositoryName("team/app")
LARGE = 3_000_000


@pytest.fixture
def registry() -> Iterator[HostileRegistry]:
    with HostileRegistry() as hostile:
        yield hostile


def tagged(registry: HostileRegistry, tag: str = "v1") -> Digest:
    manifest = image(config(), [b"layer"])
    return registry.shelf.put_manifest(str(NAME), manifest.raw, OCI_MANIFEST, tag)


def run(registry: HostileRegistry, story: Story[T]) -> T:
    return run_at(registry.host, story, NAME, pauses=[0.0] * 6)


def refused(registry: HostileRegistry, story: Story[object], kind: type[WharfError]) -> WharfError:
    with pytest.raises(kind) as caught:
        run(registry, story)
    return caught.value


def verified_content(registry: HostileRegistry, descriptor: Descriptor, offset: int = 0) -> bytes:
    async def story(repository: RemoteRepository) -> bytes:
        reader = await repository.blob(descriptor, offset)
        return await asyncio.to_thread(read, reader if offset else Verified(reader, descriptor))

    return run(registry, story)


def pushed(registry: HostileRegistry, content: bytes) -> Arrival:
    return run(registry, lambda repository: repository.put_blob(cargo_of(content), unwatched))


# --- manifests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("misdeed", [Misdeed.OTHER_MANIFEST, Misdeed.FALSE_DIGEST_HEADER])
def test_a_manifest_that_is_not_what_its_digest_says_is_refused(registry: HostileRegistry, misdeed: Misdeed) -> None:
    tagged(registry)
    registry.misbehave(misdeed)
    refused(registry, lambda repository: repository.manifest(Tag("v1")), DigestMismatch)


def test_another_manifest_than_was_asked_for_is_refused(registry: HostileRegistry) -> None:
    digest = tagged(registry)
    registry.misbehave(Misdeed.OTHER_MANIFEST)
    refused(registry, lambda repository: repository.manifest(digest), DigestMismatch)


def test_a_false_header_beside_the_right_manifest_is_not_believed(registry: HostileRegistry) -> None:
    digest = tagged(registry)
    registry.misbehave(Misdeed.FALSE_DIGEST_HEADER)
    assert digest == run(registry, lambda repository: repository.manifest(digest)).digest()
    refused(registry, lambda repository: repository.digest_of(digest), RemoteMisbehaved)


def test_a_manifest_without_an_end_is_given_up(registry: HostileRegistry) -> None:
    tagged(registry)
    registry.misbehave(Misdeed.HUGE_MANIFEST)
    refused(registry, lambda repository: repository.manifest(Tag("v1")), RemoteMisbehaved)


def test_a_manifest_of_2014_is_refused_as_such(registry: HostileRegistry) -> None:
    tagged(registry)
    registry.misbehave(Misdeed.SCHEMA1)
    refused(registry, lambda repository: repository.manifest(Tag("v1")), Schema1Refused)


@pytest.mark.parametrize("misdeed", [Misdeed.NO_HEAD, Misdeed.SILENT_HEAD])
def test_where_asking_says_nothing_the_manifest_is_read(registry: HostileRegistry, misdeed: Misdeed) -> None:
    digest = tagged(registry)
    registry.misbehave(misdeed)
    assert digest == run(registry, lambda repository: repository.digest_of(Tag("v1")))


def test_what_is_no_manifest_is_called_so(registry: HostileRegistry) -> None:
    registry.shelf.put_manifest(str(NAME), b"<html>", OCI_MANIFEST, "v1")
    error = refused(registry, lambda repository: repository.manifest(Tag("v1")), RemoteMisbehaved)
    assert "cannot be read" in str(error)


# --- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("misdeed", "said"),
    [
        (Misdeed.TAGS_IN_A_CIRCLE, "leads back"),
        (Misdeed.BARREN_TAGS, "nothing new"),
        (Misdeed.TAGS_ELSEWHERE, "another host"),
    ],
)
def test_a_list_of_tags_that_leads_nowhere_is_given_up(registry: HostileRegistry, misdeed: Misdeed, said: str) -> None:
    tagged(registry)
    registry.misbehave(misdeed, target="http://elsewhere.example")
    error = refused(registry, lambda repository: repository.tags(), RemoteMisbehaved)
    assert said in str(error)


@pytest.mark.slow
def test_a_list_of_tags_without_an_end_is_given_up(registry: HostileRegistry) -> None:
    tagged(registry)
    registry.misbehave(Misdeed.TAGS_WITHOUT_END)
    assert "500000 entries" in str(refused(registry, lambda repository: repository.tags(), RemoteMisbehaved))


def test_tags_come_sorted_from_many_pages(registry: HostileRegistry) -> None:
    raw = image(config(), []).raw
    registry.shelf.put_manifest(str(NAME), raw, OCI_MANIFEST, *(f"t{number}" for number in range(2500)))
    tags = run(registry, lambda repository: repository.tags())
    assert sorted(f"t{number}" for number in range(2500)) == [str(tag) for tag in tags]
    assert 3 == len(registry.asked("GET", "/tags/list"))


def test_referrers_are_filtered_here_where_the_registry_does_not(registry: HostileRegistry) -> None:
    subject = tagged(registry)
    for kind in ("x/one", "x/two"):
        about = {"mediaType": OCI_MANIFEST, "digest": str(subject), "size": 1}
        signature = image(config(), [], subject=about, artifactType=kind)
        registry.shelf.put_manifest(str(NAME), signature.raw, OCI_MANIFEST)
    registry.misbehave(Misdeed.UNFILTERED_REFERRERS)
    listed = run(registry, lambda repository: repository.client.referrers(NAME, subject, "x/two"))
    assert ["x/two"] == [each.artifact_type for each in listed]


def test_without_a_list_of_referrers_the_list_is_kept_under_a_tag(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.NO_REFERRERS)
    subject = tagged(registry)
    about = {"mediaType": OCI_MANIFEST, "digest": str(subject), "size": 1}
    signatures = [image(config(), [], subject=about, artifactType=f"x/{number}") for number in range(2)]

    async def story(repository: RemoteRepository) -> None:
        for signature in signatures:
            await repository.put_manifest(signature, [])
        assert {each.digest() for each in signatures} == {each.digest for each in await repository.referrers(subject)}
        assert Tag(f"sha256-{subject.hex}") in await repository.tags()
        await repository.client.unlist_referrer(NAME, subject, signatures[0].digest())
        assert [signatures[1].digest()] == [each.digest for each in await repository.referrers(subject)]

    run(registry, story)


# --- blobs on their way out ------------------------------------------------------------------------------------------


def test_other_bytes_are_refused(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(100_000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.OTHER_BYTES)
    with pytest.raises(DigestMismatch):
        verified_content(registry, described(content))


def test_a_longer_blob_is_refused_before_it_is_read(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(100_000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.LONGER_BLOB, amount=7)
    with pytest.raises(SizeMismatch) as caught:
        verified_content(registry, described(content))
    assert (100_000, 100_007) == (caught.value.announced, caught.value.received)


def test_a_blob_without_an_end_is_left_where_it_should_end(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(100_000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.ENDLESS_BLOB)
    with pytest.raises(SizeMismatch):
        verified_content(registry, described(content))


@pytest.mark.parametrize("also", [(), (Misdeed.IGNORES_RANGE,)], ids=["with ranges", "without ranges"])
def test_a_blob_that_breaks_off_is_taken_up_again(registry: HostileRegistry, also: tuple[Misdeed, ...]) -> None:
    content = secrets.token_bytes(LARGE)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.TRUNCATED_BLOB, times=2, amount=1_300_000)
    for misdeed in also:
        registry.misbehave(misdeed)
    assert content == verified_content(registry, described(content))
    assert 3 == len(registry.asked("GET", "/blobs/"))


def test_a_blob_that_breaks_off_at_the_same_byte_for_ever_is_given_up(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(1000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.TRUNCATED_BLOB, amount=0)
    with pytest.raises(Unreachable):
        verified_content(registry, described(content))


def test_another_part_than_was_asked_for_is_refused(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(1000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.FALSE_RANGE)
    with pytest.raises(RemoteMisbehaved):
        verified_content(registry, described(content), 500)


def test_a_server_that_ignores_ranges_is_read_from_the_start(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(LARGE)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.IGNORES_RANGE)
    assert content[LARGE // 2 :] == verified_content(registry, described(content), LARGE // 2)


def test_an_error_instead_of_a_blob_is_told_in_the_registrys_words(registry: HostileRegistry) -> None:
    content = b"something"
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.WEB_PAGES, amount=403)
    with pytest.raises(RemoteAnswered) as caught:
        verified_content(registry, described(content))
    assert "its title: 502 Bad Gateway" in caught.value.diagnostics().evidence


@pytest.mark.parametrize("misdeed", [Misdeed.REDIRECT_LOOP, Misdeed.GARBAGE, Misdeed.SERVER_ERRORS])
def test_what_leads_to_no_blob_is_an_error_of_the_registry(registry: HostileRegistry, misdeed: Misdeed) -> None:
    content = b"something"
    registry.shelf.put_blob(content)
    registry.misbehave(misdeed)
    with pytest.raises(RemoteProblem):
        verified_content(registry, described(content))


# --- blobs on their way in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 1000, delivery.SMALL, delivery.SMALL + 1, LARGE])
def test_a_blob_arrives_whole(registry: HostileRegistry, size: int) -> None:
    content = secrets.token_bytes(size)
    assert Arrival.SENT is pushed(registry, content)
    assert content == registry.shelf.blobs[str(Digest.of(content))]
    assert {} == registry.shelf.uploads


@pytest.mark.parametrize("size", [1000, LARGE])
@pytest.mark.parametrize("amount", [500, 900_000, 2_999_999])
@pytest.mark.parametrize("times", [1, 3])
def test_an_upload_that_breaks_off_goes_on(registry: HostileRegistry, size: int, amount: int, times: int) -> None:
    content = secrets.token_bytes(size)
    registry.misbehave(Misdeed.DROPS_UPLOADS, times=times, amount=amount)
    assert Arrival.SENT is pushed(registry, content)
    assert content == registry.shelf.blobs[str(Digest.of(content))]
    assert 1 == len(registry.asked("POST"))


def test_an_upload_that_the_registry_forgets_is_begun_anew(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(LARGE)
    registry.misbehave(Misdeed.DROPS_UPLOADS, times=1, amount=900_000)
    registry.misbehave(Misdeed.FORGETS_UPLOADS)
    assert Arrival.SENT is pushed(registry, content)
    assert content == registry.shelf.blobs[str(Digest.of(content))]
    assert 2 == len(registry.asked("POST"))


def test_an_upload_that_always_breaks_off_is_given_up(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.DROPS_UPLOADS, amount=1)
    registry.misbehave(Misdeed.FORGETS_UPLOADS)
    with pytest.raises(Unreachable):
        pushed(registry, secrets.token_bytes(LARGE))
    assert {} == registry.shelf.blobs


@pytest.mark.parametrize("misdeed", [Misdeed.SERVER_ERRORS, Misdeed.TOO_MANY_REQUESTS])
def test_an_upload_outlives_bad_moments(registry: HostileRegistry, misdeed: Misdeed) -> None:
    content = secrets.token_bytes(LARGE)

    class Disturbing(io.BytesIO):
        """The bad moment comes when the bytes are asked for."""

        def readinto(self, buffer: object, /) -> int:
            assert isinstance(buffer, memoryview)
            if not disturbed:
                disturbed.append(True)
                registry.misbehave(misdeed, times=1)
            return super().readinto(buffer)

    async def opened(offset: int) -> Disturbing:
        reader = Disturbing(content)
        reader.seek(offset)
        return reader

    disturbed: list[bool] = []
    cargo = Cargo(described(content), opened)
    assert Arrival.SENT is run(registry, lambda repository: repository.put_blob(cargo, unwatched))
    assert content == registry.shelf.blobs[str(Digest.of(content))]


@pytest.mark.parametrize("size", [1000, LARGE])
def test_a_blob_whose_arrival_was_not_told_is_found(registry: HostileRegistry, size: int) -> None:
    registry.misbehave(Misdeed.BREAKS_AT_THE_END, times=1)
    assert Arrival.SENT is pushed(registry, secrets.token_bytes(size))


def test_what_is_too_long_for_a_proxy_goes_in_smaller_pieces(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(9_000_000)
    registry.misbehave(Misdeed.LIMITED_BODIES, amount=5_000_000)
    assert Arrival.SENT is pushed(registry, content)
    assert content == registry.shelf.blobs[str(Digest.of(content))]


def test_a_limit_that_no_piece_meets_is_told(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.LIMITED_BODIES, amount=1000)
    with pytest.raises(RemoteAnswered) as caught:
        pushed(registry, secrets.token_bytes(LARGE))
    assert 413 == caught.value.status
    assert {} == registry.shelf.uploads


def test_chunks_are_as_long_as_the_registry_wants(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(20_000_000)
    registry.misbehave(Misdeed.LEAST_CHUNK, amount=18_000_000)
    registry.misbehave(Misdeed.DROPS_UPLOADS, times=1, amount=1_500_000)
    assert Arrival.SENT is pushed(registry, content)
    lengths = [each.headers["content-length"] for each in registry.requests if each.method == "PATCH"]
    assert int(lengths[1]) >= 18_000_000


def test_a_registry_that_stores_something_else_is_not_believed(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.FALSE_STORED_DIGEST)
    with pytest.raises(RemoteMisbehaved):
        pushed(registry, b"content")
    manifest = image(config(), [])
    refused(registry, lambda repository: repository.put_manifest(manifest, [Tag("v1")]), RemoteMisbehaved)


def test_an_upload_without_a_place_is_refused(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.NO_LOCATION)
    with pytest.raises(RemoteMisbehaved):
        pushed(registry, b"content")


def test_a_registry_that_miscounts_for_ever_is_given_up(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.MISCOUNTS_UPLOADS, amount=10_000_000)
    with pytest.raises(RemoteMisbehaved):
        pushed(registry, secrets.token_bytes(LARGE))


def test_a_wish_to_mount_that_is_refused_is_not_made_twice(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.REFUSES_MOUNTS)

    async def story(repository: RemoteRepository) -> None:
        for _ in range(2):
            assert Arrival.SENT is await repository.put_blob(cargo_of(secrets.token_bytes(100)), unwatched)

    run(registry, story)
    assert 1 == len(registry.asked("POST", "mount="))


@pytest.mark.parametrize("size", [1000, LARGE])
def test_bytes_that_are_not_what_they_are_said_to_be_are_not_delivered(registry: HostileRegistry, size: int) -> None:
    content = secrets.token_bytes(size)
    pretended = Descriptor("x/y", Digest.of(b"something else"), size)
    refused(registry, lambda repository: repository.put_blob(cargo_of(content, pretended), unwatched), DigestMismatch)
    assert ({}, {}) == (registry.shelf.blobs, registry.shelf.uploads)


@pytest.mark.parametrize("size", [1000, LARGE])
@pytest.mark.parametrize("difference", [-1, 1])
def test_more_or_less_than_was_said_is_not_delivered(registry: HostileRegistry, size: int, difference: int) -> None:
    content = secrets.token_bytes(size)
    pretended = Descriptor("x/y", Digest.of(content), size + difference)
    refused(registry, lambda repository: repository.put_blob(cargo_of(content, pretended), unwatched), WharfError)
    assert ({}, {}) == (registry.shelf.blobs, registry.shelf.uploads)


def test_a_cargo_that_cannot_be_read_is_not_tried_again(registry: HostileRegistry) -> None:
    class Failing(io.BytesIO):
        def readinto(self, _buffer: object, /) -> int:
            raise Unreachable("elsewhere.example", "the other registry is gone")

    async def opened(_offset: int) -> Failing:
        return Failing()

    cargo = cargo_of(secrets.token_bytes(LARGE))
    failing = Cargo(cargo.descriptor, opened)
    error = refused(registry, lambda repository: repository.put_blob(failing, unwatched), Unreachable)
    assert "elsewhere.example" in str(error)
    assert 1 == len(registry.asked("PATCH"))


def test_progress_counts_each_byte_once(registry: HostileRegistry) -> None:
    content, steps = secrets.token_bytes(LARGE), list[int]()
    registry.misbehave(Misdeed.DROPS_UPLOADS, times=3, amount=900_000)
    run(registry, lambda repository: repository.put_blob(cargo_of(content), steps.append))
    assert LARGE == sum(steps)


def test_a_delivery_that_is_cancelled_leaves_no_upload(registry: HostileRegistry) -> None:
    class Slow(io.BytesIO):
        def readinto(self, buffer: object, /) -> int:
            started.set()
            assert isinstance(buffer, memoryview)
            return super().readinto(buffer[:1000])

    content = secrets.token_bytes(LARGE)
    started = asyncio.Event()

    async def opened(_offset: int) -> Slow:
        return Slow(content)

    async def story(repository: RemoteRepository) -> None:
        cargo = Cargo(described(content), opened)
        task = asyncio.create_task(repository.put_blob(cargo, unwatched))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(registry, story)
    assert {} == registry.shelf.uploads


# --- secrets ---------------------------------------------------------------------------------------------------------


class OnePassword:
    """The same credential for everybody who asks for one, to see who is shown it."""

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        return Lookup(Password("captain", Secret("s3cret-of-the-captain")))


@pytest.fixture
def elsewhere() -> Iterator[HostileRegistry]:
    with HostileRegistry() as other:
        yield other


def shown_to(registry: HostileRegistry) -> list[str]:
    """Everything in which a secret can stand, of everything that it was sent."""
    return [f"{each.path} {each.headers}" for each in registry.requests if "authorization" in each.headers]


def run_known(registry: HostileRegistry, story: Story[T]) -> T:
    return run_at(registry.host, story, NAME, pauses=[0.0], keychain=OnePassword())


def test_a_redirect_to_another_host_takes_no_password_along(
    registry: HostileRegistry, elsewhere: HostileRegistry
) -> None:
    content = secrets.token_bytes(1000)
    for each in (registry, elsewhere):
        each.shelf.put_blob(content)
    registry.misbehave(Misdeed.WANTS_LOGIN)
    registry.misbehave(Misdeed.REDIRECT_ELSEWHERE, target=elsewhere.url)

    async def story(repository: RemoteRepository) -> bytes:
        return await asyncio.to_thread(read, await repository.blob(described(content)))

    assert content == run_known(registry, story)
    assert shown_to(registry)
    assert 1 == len(elsewhere.requests)
    assert [] == shown_to(elsewhere)


@pytest.mark.parametrize("size", [1000, LARGE])
def test_an_upload_to_another_host_takes_no_password_along(
    registry: HostileRegistry, elsewhere: HostileRegistry, size: int
) -> None:
    registry.misbehave(Misdeed.WANTS_LOGIN)
    registry.misbehave(Misdeed.LOCATION_ELSEWHERE, target=elsewhere.url)
    with pytest.raises(RemoteAnswered):
        run_known(registry, lambda it: it.put_blob(cargo_of(secrets.token_bytes(size)), unwatched))
    assert shown_to(registry)
    assert elsewhere.requests
    assert [] == shown_to(elsewhere)


def test_a_list_that_goes_on_at_another_host_is_not_followed(
    registry: HostileRegistry, elsewhere: HostileRegistry
) -> None:
    tagged(registry)
    registry.misbehave(Misdeed.TAGS_ELSEWHERE, target=elsewhere.url.replace("127.0.0.1", "localhost"))
    refused(registry, lambda repository: repository.tags(), RemoteMisbehaved)
    assert [] == elsewhere.requests


def test_a_password_is_not_shown_to_the_token_service_of_another_registry(
    registry: HostileRegistry, elsewhere: HostileRegistry
) -> None:
    tagged(registry)
    registry.misbehave(Misdeed.CHALLENGES_FOR_ANOTHER, target="http://token.elsewhere.example")
    with pytest.raises(WharfError) as caught:
        run_known(registry, lambda repository: repository.manifest(Tag("v1")))
    assert "s3cret" not in f"{caught.value} {caught.value.diagnostics()}"


# --- answers of no registry ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("misdeed", [Misdeed.WEB_PAGES, Misdeed.GARBAGE, Misdeed.SERVER_ERRORS])
@pytest.mark.parametrize("verb", ["manifest", "tags", "digest_of", "put", "referrers", "delete"])
def test_whatever_is_asked_nonsense_is_an_error_of_the_registry(
    registry: HostileRegistry, misdeed: Misdeed, verb: str
) -> None:
    digest = tagged(registry)
    registry.misbehave(misdeed, amount=200 if verb != "put" else 502)
    stories: dict[str, Story[object]] = {
        "manifest": lambda it: it.manifest(Tag("v1")),
        "tags": lambda it: it.tags(),
        "digest_of": lambda it: it.digest_of(Tag("v1")),
        "put": lambda it: it.put_blob(cargo_of(b"content"), unwatched),
        "referrers": lambda it: it.referrers(digest),
        "delete": lambda it: it.client.delete_manifest(NAME, Tag("v2")),
    }
    if verb == "delete" and misdeed is Misdeed.WEB_PAGES:
        registry.misbehave(misdeed, amount=418)
    error = refused(registry, stories[verb], RemoteProblem)
    assert registry.host in str(error)
