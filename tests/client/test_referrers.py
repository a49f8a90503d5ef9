"""The list of referrers that clients keep themselves, as a value."""

import json

from tests.client.cargo import config, described, image, index
from wharf.client.referrers import (
    as_referrer,
    fallback_index,
    fallback_tag,
    listed_in,
    of_type,
    with_entry,
    without_entry,
)
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.media_types import OCI_CONFIG, OCI_INDEX

SUBJECT = Digest.of(b"subject")


def referrer(kind: str = "x/signature") -> Descriptor:
    return as_referrer(image(config(), [], artifactType=kind, annotations={"a": "b"}))


def test_the_tag_is_the_digest_without_its_colon() -> None:
    assert f"sha256-{SUBJECT.hex}" == str(fallback_tag(SUBJECT))


def test_a_long_digest_is_cut_to_fit_into_a_tag() -> None:
    assert 64 + len("sha512-") == len(str(fallback_tag(Digest.of(b"x", Algorithm.SHA512))))


def test_an_entry_says_what_kind_of_thing_it_is() -> None:
    entry = referrer()
    assert ("x/signature", {"a": "b"}) == (entry.artifact_type, dict(entry.annotations))


def test_an_older_artifact_is_known_by_its_configuration() -> None:
    assert OCI_CONFIG == as_referrer(image(config(), [])).artifact_type


def test_an_entry_stands_in_the_list_once() -> None:
    first, second = referrer(), referrer()
    assert (second, first) == with_entry((first, second), first)
    assert (second,) == without_entry((first, second), first.digest)


def test_the_list_is_written_and_read() -> None:
    listed = (referrer("x/one"), referrer("x/two"))
    written = fallback_index(listed)
    assert OCI_INDEX == json.loads(written.raw)["mediaType"]
    assert listed == listed_in(written)


def test_what_is_no_list_names_nothing() -> None:
    assert () == listed_in(image(config(), []))
    assert () == listed_in(None)
    assert () == listed_in(index([]))


def test_a_kind_is_picked() -> None:
    one, two = referrer("x/one"), referrer("x/two")
    assert (two,) == of_type((one, two), "x/two")
    assert (one, two) == of_type((one, two), None)


def test_a_blob_is_no_referrer_of_a_kind() -> None:
    assert () == of_type((described(b"x"),), "x/one")
