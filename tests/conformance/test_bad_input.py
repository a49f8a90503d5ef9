"""What a registry must refuse, and that it keeps nothing of what it refused."""

from collections.abc import Callable

import pytest

from tests.conformance.cargo import IMAGE, INDEX, Blob, Manifest, digest_of, random_blob
from tests.conformance.data_sets import DATA_SETS, image
from tests.conformance.shipping import AS_OCTETS, PUSHES, Repository, by_post_and_put, ship
from tests.conformance.wire import Answer, with_query

BAD_DIGESTS = {
    "letters": "sha256:baddigeststring",
    "too-short": "sha256:" + "0" * 63,
    "too-long": "sha256:" + "0" * 65,
    "upper-case": "sha256:" + "A" * 64,
    "no-hex": "sha256:" + "g" * 64,
    "short-sha512": "sha512:" + "0" * 64,
    "unknown-algorithm": "md5:" + "0" * 32,
    "no-algorithm": ":" + "0" * 64,
    "empty": "sha256:",
}
BROKEN_MANIFESTS = {
    "nothing": b"",
    "no-json": b"no JSON at all",
    "cut-off": b'{"schemaVersion": 2, "mediaType": ',
    "a-list": b"[]",
    "a-number": b"7",
    "not-utf-8": b'{"schemaVersion": 2, "mediaType": "\xff\xfe"}',
}


class Mislabelled(Blob):
    """Bytes under the digest of other bytes."""

    __slots__ = ()

    @property
    def digest(self) -> str:
        return digest_of(self.content[:-5], self.algorithm)


@pytest.fixture(params=PUSHES)
def push(request: pytest.FixtureRequest) -> Callable[[Repository, Blob], Answer]:
    return PUSHES[str(request.param)]


@pytest.fixture(params=BAD_DIGESTS)
def bad_digest(request: pytest.FixtureRequest) -> str:
    return BAD_DIGESTS[str(request.param)]


@pytest.fixture(params=[517, 3072])
def mislabelled(request: pytest.FixtureRequest, algorithm: str) -> Mislabelled:
    return Mislabelled(random_blob(int(request.param), algorithm).content, algorithm)


def test_a_blob_that_is_not_what_its_digest_says_is_refused(
    repository: Repository, push: Callable[[Repository, Blob], Answer], mislabelled: Mislabelled
) -> None:
    answer = push(repository, mislabelled)
    assert answer.status == 400
    assert answer.error_codes() == ("DIGEST_INVALID",)


def test_nothing_is_kept_of_a_blob_that_was_refused(
    repository: Repository, push: Callable[[Repository, Blob], Answer], mislabelled: Mislabelled
) -> None:
    push(repository, mislabelled)
    true_digest = digest_of(mislabelled.content, mislabelled.algorithm)
    looked_up = [repository.wire.head(repository.blob(each)).status for each in (mislabelled.digest, true_digest)]
    assert looked_up == [404, 404]


def test_an_upload_cannot_end_under_a_malformed_digest(repository: Repository, bad_digest: str) -> None:
    target = repository.start_upload().location(digest=bad_digest)
    assert repository.wire.send("PUT", target, [AS_OCTETS], b"cargo").status == 400


def test_an_upload_cannot_end_without_a_digest(repository: Repository) -> None:
    assert repository.wire.send("PUT", repository.start_upload().location(), [AS_OCTETS], b"cargo").status == 400


def test_a_single_post_under_a_malformed_digest_is_refused(repository: Repository, bad_digest: str) -> None:
    target = with_query(repository.uploads, digest=bad_digest)
    assert repository.wire.send("POST", target, [AS_OCTETS], b"cargo").status == 400


def test_an_upload_in_an_unknown_algorithm_is_refused(repository: Repository) -> None:
    assert repository.start_upload(**{"digest-algorithm": "md5"}).status == 400


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_blob_under_a_malformed_digest_is_refused_or_not_found(
    repository: Repository, bad_digest: str, method: str
) -> None:
    assert repository.wire.send(method, repository.blob(bad_digest)).status in {400, 404}


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_manifest_under_a_malformed_digest_is_refused_or_not_found(
    repository: Repository, bad_digest: str, method: str
) -> None:
    assert repository.wire.send(method, repository.manifest(bad_digest)).status in {400, 404}


def test_a_manifest_cannot_be_pushed_under_a_malformed_digest(repository: Repository, bad_digest: str) -> None:
    goods = image("sha256")
    ship(repository, goods)
    assert repository.put_manifest(goods.top, bad_digest).status == 400


@pytest.mark.parametrize("tag", ["-dash", ".dot", "t" * 129, "white%20space", "ta%2Bg"])
def test_a_manifest_cannot_be_pushed_under_a_malformed_tag(repository: Repository, tag: str) -> None:
    goods = image("sha256")
    ship(repository, goods)
    assert repository.put_manifest(goods.top, tag).status in {400, 404}
    assert repository.listed_tags() == ["image"]


def test_a_manifest_that_is_not_what_its_digest_says_is_refused(repository: Repository, algorithm: str) -> None:
    goods, changed = with_white_space_added(repository, algorithm)
    answer = repository.put_manifest(changed, goods.digest)
    assert answer.status == 400
    assert set(answer.error_codes()) <= {"DIGEST_INVALID", "MANIFEST_INVALID"}


def test_nothing_is_kept_of_a_manifest_that_was_refused(repository: Repository, algorithm: str) -> None:
    goods, changed = with_white_space_added(repository, algorithm)
    repository.put_manifest(changed, goods.digest, ("tag",))
    assert [repository.head_manifest(each).status for each in (goods.digest, changed.digest, "tag")] == [404] * 3


def test_a_manifest_that_was_refused_cannot_be_deleted(repository: Repository, algorithm: str) -> None:
    goods, changed = with_white_space_added(repository, algorithm)
    repository.put_manifest(changed, goods.digest)
    assert repository.wire.delete(repository.manifest(goods.digest)).status == 404


@pytest.mark.parametrize("kind", ["image", "index"])
def test_a_manifest_whose_contents_are_missing_is_accepted_or_refused_for_that(
    repository: Repository, algorithm: str, kind: str
) -> None:
    lonely = DATA_SETS[kind](algorithm).top
    answer = repository.put_manifest(lonely, lonely.digest)
    assert answer.status in {201, 400, 404}
    assert answer.status == 201 or set(answer.error_codes()) == {"MANIFEST_BLOB_UNKNOWN"}


@pytest.mark.parametrize("media_type", [IMAGE, INDEX])
@pytest.mark.parametrize("raw", BROKEN_MANIFESTS.values(), ids=BROKEN_MANIFESTS)
def test_what_is_no_manifest_is_refused(repository: Repository, algorithm: str, raw: bytes, media_type: str) -> None:
    broken = Manifest(raw, media_type, algorithm)
    answer = repository.put_manifest(broken, broken.digest)
    assert answer.status == 400
    assert answer.error_codes()


def test_a_manifest_above_the_limit_is_refused_or_accepted_whole(repository: Repository, algorithm: str) -> None:
    goods = DATA_SETS["image-without-layers"](algorithm)
    ship(repository, goods)
    vast = Manifest(goods.top.raw + b" " * 32 * 1024 * 1024, goods.top.media_type, algorithm)
    assert repository.put_manifest(vast, vast.digest).status in {201, 413}


@pytest.mark.parametrize("name", ["UPPER/case", "-dash/name", "a//b", "name_/x", "dot./x", "a/%E6%9C%A8"])
def test_a_malformed_name_is_refused_or_not_found(repository: Repository, name: str) -> None:
    elsewhere = Repository(repository.wire, name)
    assert elsewhere.start_upload().status in {400, 404}
    assert repository.wire.get(elsewhere.tags).status in {400, 404}


@pytest.mark.parametrize("count", ["-1", "many", "1.5"])
def test_a_page_size_that_is_no_number_is_refused(repository: Repository, count: str) -> None:
    ship(repository, image("sha256"))
    assert repository.wire.get(with_query(repository.tags, n=count)).status == 400


def test_after_many_refusals_the_registry_still_serves(repository: Repository) -> None:
    for raw in BROKEN_MANIFESTS.values():
        repository.put_manifest(Manifest(raw, IMAGE), "broken")
    blob = random_blob(512)
    assert by_post_and_put(repository, blob).status == 201
    assert repository.wire.get(repository.blob(blob.digest)).body == blob.content


def with_white_space_added(repository: Repository, algorithm: str) -> tuple[Manifest, Manifest]:
    """A manifest whose blobs are there, and the same with two bytes more, which is another manifest."""
    goods = image(algorithm)
    for blob in goods.blobs:
        by_post_and_put(repository, blob)
    return goods.top, Manifest(goods.top.raw + b"  ", goods.top.media_type, algorithm)
