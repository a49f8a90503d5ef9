"""A digest is the name that content gives itself: the algorithm, a colon, and the hash in lower-case hex.

    digest    = algorithm ":" hex
    algorithm = "sha256" | "sha512"
    hex       = 64 hex digits for sha256, 128 for sha512

A `Digest` in hand is well-formed. Whether it is true of some bytes is asked with `Digest.of` or a `Hasher`.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from wharf.errors import MalformedDigest


class Algorithm(StrEnum):
    """The hash functions that the image specification registers."""

    SHA256 = "sha256"
    SHA512 = "sha512"


_BY_NAME: dict[str, Algorithm] = {algorithm.value: algorithm for algorithm in Algorithm}
_HEX_LENGTH = {Algorithm.SHA256: 64, Algorithm.SHA512: 128}
_IS_HEX: dict[Algorithm, Callable[[str], object]] = {
    algorithm: re.compile(f"[0-9a-f]{{{length}}}").fullmatch for algorithm, length in _HEX_LENGTH.items()
}
_ALGORITHM_NAME = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*")
_ENCODED_NAME = re.compile(r"[A-Za-z0-9=_-]+")
_EXCERPT = 256


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """The name of some content, in one of the two algorithms known here."""

    algorithm: Algorithm
    hex: str

    def __post_init__(self) -> None:
        if not _IS_HEX[self.algorithm](self.hex):
            raise _malformed_hex(self.algorithm, self.hex)

    @classmethod
    def parse(cls, text: str) -> Self:
        name, _, encoded = text.partition(":")
        algorithm = _BY_NAME.get(name)
        if algorithm is None:
            raise _malformed_algorithm(text)
        return cls(algorithm, encoded)

    @classmethod
    def of(cls, content: bytes, algorithm: Algorithm = Algorithm.SHA256) -> Self:
        return cls(algorithm, hashlib.new(algorithm, content).hexdigest())

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.hex}"


class Hasher:
    """Counts bytes while it hashes them, so that one reading of a stream settles both size and digest."""

    __slots__ = ("_hash", "algorithm", "size")

    def __init__(self, algorithm: Algorithm = Algorithm.SHA256) -> None:
        self._hash = hashlib.new(algorithm)
        self.algorithm = algorithm
        self.size = 0

    def update(self, buffer: bytes | bytearray | memoryview) -> None:
        self._hash.update(buffer)
        self.size += buffer.nbytes if isinstance(buffer, memoryview) else len(buffer)

    def digest(self) -> Digest:
        return Digest(self.algorithm, self._hash.hexdigest())


def _malformed_hex(algorithm: Algorithm, encoded: str) -> MalformedDigest:
    length = _HEX_LENGTH[algorithm]
    text = f"{algorithm}:{encoded[:_EXCERPT]}"
    if len(encoded) != length:
        return MalformedDigest(
            text,
            f"a {algorithm} digest has {length} hex digits; this one has {len(encoded)} characters",
            next_step="give the whole digest: a shortened one names nothing",
        )
    if _IS_HEX[algorithm](encoded.lower()):
        reason, next_step = "a digest is written in lower case", f"use {algorithm}:{encoded.lower()}"
        return MalformedDigest(text, reason, next_step=next_step)
    place = next(i for i, character in enumerate(encoded) if character not in "0123456789abcdef")
    return MalformedDigest(
        text,
        "a digest is made of the hex digits 0-9 and a-f",
        where=f"character {len(algorithm) + place + 2}",
        next_step="copy the digest again from where it was printed",
    )


def _malformed_algorithm(text: str) -> MalformedDigest:
    name, colon, encoded = text[:_EXCERPT].partition(":")
    known = " or ".join(_BY_NAME)
    if colon and _ALGORITHM_NAME.fullmatch(name) and _ENCODED_NAME.fullmatch(encoded):
        return MalformedDigest(
            text[:_EXCERPT], f"the digest algorithm {name} is not supported", next_step=f"use {known}"
        )
    return MalformedDigest(
        text[:_EXCERPT], "a digest has the form algorithm:hex", next_step=_likely_digest(text) or f"use {known}"
    )


def _likely_digest(text: str) -> str:
    """What somebody who left the algorithm away, or wrote it in capitals, will have meant."""
    bare = text[:_EXCERPT].lower()
    for algorithm, is_hex in _IS_HEX.items():
        if is_hex(bare.removeprefix(f"{algorithm}:")):
            return f"use {algorithm}:{bare.removeprefix(f'{algorithm}:')}"
    return ""
