"""Manifests and lists of a registry that misbehaves: read if they are true, and nothing false is believed."""

import pytest

from tests.client.cargo import cargo_of, config, image, unwatched
from tests.client.hostile import NAME, refused, run, tagged
from tests.client.sessions import Story
from wharf.client.repository import RemoteRepository
from wharf.errors import (
    DigestMismatch,
    RemoteMisbehaved,
    RemoteProblem,
    Schema1Refused,
)
from wharf.oci.media_types import DOCKER_SCHEMA1, OCI_MANIFEST
from wharf.oci.reference import Tag
from wharf.testing.hostile_registry import HostileRegistry, Misdeed


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


def test_a_tag_that_is_none_is_left_out(registry: HostileRegistry) -> None:
    tagged(registry, "good")
    tagged(registry, "\x1b[2J")
    tagged(registry, "a b")
    assert (Tag("good"),) == run(registry, lambda repository: repository.tags())


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


def test_a_registry_without_a_list_of_referrers_is_asked_for_it_once(registry: HostileRegistry) -> None:
    subject = tagged(registry)
    registry.misbehave(Misdeed.NO_REFERRERS)

    async def story(repository: RemoteRepository) -> None:
        for _ in range(3):
            assert () == await repository.referrers(subject)

    run(registry, story)
    assert 1 == len(registry.asked("GET", "/referrers/"))


def test_what_stands_there_in_a_form_that_is_not_read_here_stands_there(registry: HostileRegistry) -> None:
    digest = registry.shelf.put_manifest(str(NAME), b"{}", DOCKER_SCHEMA1, "v1")
    assert digest == run(registry, lambda repository: repository.digest_of(Tag("v1")))
