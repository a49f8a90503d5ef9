"""Tags: names in order, listed whole or a page at a time, several of them set in one push."""

import re

import pytest

from tests.conformance.cargo import Manifest
from tests.conformance.data_sets import index
from tests.conformance.shipping import Repository, put_tag, ship
from tests.conformance.wire import with_query

NAMES = ("Zebra", "_under", "alpha", "beta.1", "beta.10", "beta.2", "v1", "v1.0", "v1.0-rc1", "v2")
TOLD = re.compile(r'<(?P<target>[^>]+)>\s*;\s*rel="?next"?')


@pytest.fixture
def manifest(repository: Repository, algorithm: str) -> Manifest:
    """An index whose only tags will be those that the test sets."""
    goods = index(algorithm)
    ship(repository, goods)
    repository.wire.delete(repository.manifest("index"))
    return goods.top


@pytest.fixture
def tagged(repository: Repository, manifest: Manifest) -> Manifest:
    for name in reversed(NAMES):
        put_tag(repository, manifest, name)
    return manifest


@pytest.mark.usefixtures("tagged")
def test_all_tags_are_listed_in_the_order_of_their_bytes(repository: Repository) -> None:
    assert repository.listed_tags() == list(NAMES)


@pytest.mark.usefixtures("tagged")
@pytest.mark.parametrize("count", [1, 3, 9, 10, 11, 1000])
def test_a_page_holds_as_many_tags_as_asked_for(repository: Repository, count: int) -> None:
    answer = repository.wire.get(with_query(repository.tags, n=str(count)))
    assert (answer.status, answer.json()["tags"]) == (200, list(NAMES[:count]))


@pytest.mark.usefixtures("tagged")
def test_a_page_of_none_is_empty_and_the_last(repository: Repository) -> None:
    answer = repository.wire.get(with_query(repository.tags, n="0"))
    assert (answer.status, answer.json()["tags"], answer.header("Link")) == (200, [], None)


@pytest.mark.usefixtures("tagged")
@pytest.mark.parametrize("last", NAMES)
def test_the_list_goes_on_after_the_last_tag_seen(repository: Repository, last: str) -> None:
    answer = repository.wire.get(with_query(repository.tags, last=last))
    assert (answer.status, answer.json()["tags"]) == (200, [name for name in NAMES if name > last])


@pytest.mark.usefixtures("tagged")
@pytest.mark.parametrize("last", ["A", "gone", "v1.0-rc0", "zzz"])
def test_the_list_goes_on_after_a_tag_that_is_gone(repository: Repository, last: str) -> None:
    answer = repository.wire.get(with_query(repository.tags, last=last))
    assert (answer.status, answer.json()["tags"] or []) == (200, [name for name in NAMES if name > last])


@pytest.mark.usefixtures("tagged")
@pytest.mark.parametrize("last", NAMES[:3])
def test_a_page_after_the_last_tag_seen(repository: Repository, last: str) -> None:
    answer = repository.wire.get(with_query(repository.tags, last=last, n="2"))
    assert answer.json()["tags"] == [name for name in NAMES if name > last][:2]


@pytest.mark.usefixtures("tagged")
@pytest.mark.parametrize("count", [1, 3, 4, 9])
def test_following_the_links_gives_every_tag_once(repository: Repository, count: int) -> None:
    assert followed(repository, count) == list(NAMES)


@pytest.mark.usefixtures("tagged")
def test_a_list_that_is_complete_has_no_link(repository: Repository) -> None:
    assert repository.wire.get(repository.tags).header("Link") is None


def test_tags_given_with_the_digest_are_set(repository: Repository, manifest: Manifest) -> None:
    answer = repository.put_manifest(manifest, manifest.digest, ("stable", "v1"))
    assert answer.status == 201
    assert sorted(answer.values("OCI-Tag")) == ["stable", "v1"]
    assert repository.listed_tags() == ["stable", "v1"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_tag_given_with_the_digest_leads_to_that_digest(
    repository: Repository, manifest: Manifest, method: str
) -> None:
    repository.put_manifest(manifest, manifest.digest, ("stable",))
    found = repository.wire.send(method, repository.manifest("stable"))
    assert found.status == 200
    assert found.header("Docker-Content-Digest") == manifest.digest
    assert found.header("Content-Length") == str(len(manifest.raw))


def test_ten_tags_may_be_given_with_the_digest(repository: Repository, manifest: Manifest) -> None:
    answer = repository.put_manifest(manifest, manifest.digest, NAMES)
    assert (answer.status, sorted(answer.values("OCI-Tag"))) == (201, list(NAMES))
    assert repository.listed_tags() == list(NAMES)


def test_a_push_without_tags_names_none(repository: Repository, manifest: Manifest) -> None:
    answer = repository.put_manifest(manifest, manifest.digest)
    assert (answer.status, answer.values("OCI-Tag")) == (201, ())


def test_a_malformed_tag_given_with_the_digest_is_refused(repository: Repository, manifest: Manifest) -> None:
    assert repository.put_manifest(manifest, manifest.digest, ("good", "not good")).status == 400
    assert repository.listed_tags() == []


def followed(repository: Repository, count: int) -> list[str]:
    """The tags on all pages of this size, from link to link."""
    tags: list[str] = []
    answer = repository.wire.get(with_query(repository.tags, n=str(count)))
    for _ in range(len(NAMES) + 2):
        page = answer.json()["tags"]
        assert isinstance(page, list)
        tags += [str(tag) for tag in page]
        link = TOLD.search(answer.header("Link") or "")
        if link is None:
            return tags
        answer = repository.wire.get(link["target"])
    raise AssertionError(f"the links never end: {tags}")
