"""Digests: the two algorithms, the one spelling, and errors that say what was meant."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, read_or_refused, steady
from tests.oci.strategies import digests
from wharf.errors import MalformedDigest, WharfError
from wharf.oci.digest import Algorithm, Digest, Hasher

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def refused(text: str) -> MalformedDigest:
    with pytest.raises(MalformedDigest) as caught:
        Digest.parse(text)
    return caught.value


def test_a_sha256_digest_is_read() -> None:
    assert Digest(Algorithm.SHA256, EMPTY) == Digest.parse(f"sha256:{EMPTY}")


def test_a_sha512_digest_is_read() -> None:
    assert Digest(Algorithm.SHA512, "ab" * 64) == Digest.parse("sha512:" + "ab" * 64)


def test_a_digest_is_computed_over_content() -> None:
    assert f"sha256:{EMPTY}" == str(Digest.of(b""))


def test_a_digest_is_computed_with_the_algorithm_asked_for() -> None:
    assert f"sha512:{hashlib.sha512(b'x').hexdigest()}" == str(Digest.of(b"x", Algorithm.SHA512))


def test_digests_sort_by_algorithm_and_then_by_hex() -> None:
    low, high, other = (
        Digest.parse(text) for text in ("sha256:" + "0" * 64, "sha256:" + "f" * 64, "sha512:" + "0" * 128)
    )
    assert [low, high, other] == sorted([other, high, low])


def test_a_digest_that_is_put_together_wrongly_is_refused() -> None:
    with pytest.raises(MalformedDigest):
        Digest(Algorithm.SHA256, "ab")


def test_a_short_digest_is_refused_with_both_lengths() -> None:
    assert "a sha256 digest has 64 hex digits; this one has 12 characters" == refused("sha256:453a65450000").reason


def test_capitals_are_refused_with_the_right_spelling_as_next_step() -> None:
    assert f"use sha256:{EMPTY}" == refused(f"sha256:{EMPTY.upper()}").diagnostics().next_step


def test_a_character_that_is_no_hex_digit_is_pointed_at() -> None:
    assert "character 10" == refused("sha256:ab" + "z" * 62).where


@pytest.mark.parametrize("text", ["md5:d41d8cd98f00b204e9800998ecf8427e", "sha384:" + "0" * 96, "a+b.c:XyZ="])
def test_an_unknown_algorithm_has_a_reason_of_its_own(text: str) -> None:
    assert f"the digest algorithm {text.partition(':')[0]} is not supported" == refused(text).reason


@pytest.mark.parametrize("text", ["", ":", "latest", "SHA256:xyz", "sha256 :ab", "\N{SNOWMAN}"])
def test_what_is_no_digest_at_all_is_told_the_form(text: str) -> None:
    assert "a digest has the form algorithm:hex" == refused(text).reason


@pytest.mark.parametrize("text", [EMPTY, EMPTY.upper(), f"SHA256:{EMPTY}"])
def test_a_digest_with_a_missing_or_loud_algorithm_is_told_what_to_write(text: str) -> None:
    assert f"use sha256:{EMPTY}" == refused(text).diagnostics().next_step


@pytest.mark.parametrize("tail", ["\n", " ", "\x00", "\u0660"])
def test_nothing_may_follow_a_digest(tail: str) -> None:
    assert "characters" in refused(f"sha256:{EMPTY}{tail}").reason


@given(digests)
@steady
def test_a_digest_survives_being_written_and_read(digest: Digest) -> None:
    assert digest == Digest.parse(str(digest))


@given(st.text())
@steady
def test_any_text_is_a_digest_in_its_one_spelling_or_refused(text: str) -> None:
    read = read_or_refused(Digest.parse, text)
    assert isinstance(read, WharfError) or text == str(read)


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_enormous_text_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(Digest.parse, ENORMOUS_TEXTS[kind]) < 0.005


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_hasher_agrees_with_the_digest_of_the_whole(algorithm: Algorithm) -> None:
    hasher = Hasher(algorithm)
    for piece in (b"one", bytearray(b"two"), memoryview(b"three")):
        hasher.update(piece)
    assert (Digest.of(b"onetwothree", algorithm), 11) == (hasher.digest(), hasher.size)


def test_a_hasher_counts_bytes_and_not_items() -> None:
    hasher = Hasher()
    hasher.update(memoryview(b"12345678").cast("Q"))
    assert 8 == hasher.size


def test_a_hasher_takes_sha256_unless_told_otherwise() -> None:
    assert Digest.of(b"") == Hasher().digest()
