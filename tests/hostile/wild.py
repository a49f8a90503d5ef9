"""Requests as nobody means them: wrong, enormous, nearly right, and well-formed where it hurts.

Each part comes from three sources: what exists in the registry, what is known to have hurt other servers, and chance.
"""

import json
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from tests.hostile.probe import Shot
from tests.oci.strategies import broken_documents
from wharf.oci.media_types import (
    ACCEPTED_MANIFESTS,
    DOCKER_SCHEMA1_SIGNED,
    OCI_EMPTY,
    OCI_INDEX,
    OCI_LAYER_GZIP,
    OCI_MANIFEST,
)

MIB = 1 << 20
Drawn = TypeVar("Drawn")
METHODS = ("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "*" * 300)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What there is to aim at."""

    names: tuple[str, ...]
    tags: tuple[str, ...]
    digests: tuple[str, ...]
    uploads: tuple[str, ...]


_TRAVERSALS = (
    b"..",
    b".",
    b"../../../etc/passwd",
    b"..%2f..%2f..%2fetc%2fpasswd",
    b"%2e%2e/%2e%2e",
    b"%2E%2E%2Fwharf.db",
    b"%252e%252e%252fwharf.db",
    b"..\\..\\wharf.db",
    b"%5c..%5cwharf.db",
    b"%c0%ae%c0%ae",
    b"%e0%80%ae",
    b"....//wharf.db",
    b"%2fetc%2fpasswd",
    b"~root",
    b"file:%2f%2f%2fetc%2fpasswd",
    b"..;/",
)
_NO_TEXT = (
    b"%00",
    b"a%00b",
    b"%ff%fe",
    b"%ed%a0%80",
    b"%f4%90%80%80",
    b"%0d%0aX-Forged: 1",
    b"%e2%80%ae",
    b"%7f",
    b"%c3%28",
)
_NEARLY = (
    b"",
    b"%",
    b"%2",
    b"%zz",
    b"A",
    b"a+b",
    b"a%2Bb",
    b"a%20b",
    b" ",
    b"a_.b",
    b"a___b",
    b"-a",
    b"a-",
    b"a..b",
    b"team%2Fapp",
    b"team//app",
    b"/team/app/",
    b"_catalog",
    b"tags/list",
    b"manifests",
    b"blobs/uploads",
    b"blobs",
    b"uploads",
    b"referrers",
    b"\xc3\xa9",
    b"%C3%A9",
    b"%F0%9F%9A%A2",
    b"%EF%BF%BD",
    b"sha256:",
    b"sha256:0",
    b"sha512:" + b"a" * 64,
    b"md5:" + b"0" * 32,
    b"sha256%3A" + b"0" * 64,
    b"sha256:" + b"A" * 64,
    b"sha256:" + b"0" * 65,
    b"sha256-" + b"0" * 64,
    b":",
    b"@",
    b"latest@sha256:" + b"0" * 64,
    b"0" * 32,
    b"0" * 32 + b"-sha512",
    b"%D9%A0" * 32,
)
_ENORMOUS = (b"a" * 255, b"a" * 256, b"a" * 129, b"a/" * 4000, b"%61" * 3000, b"a-" * 120, b"9" * 5000, b"/" * 8300)
_CRAFTED = (*_TRAVERSALS, *_NO_TEXT, *_NEARLY, *_ENORMOUS)

# Each in each place of each address: some of these have hurt other servers, and all of them somebody will try.
CRAFTED_PATHS = tuple(
    pattern % word
    for word in _CRAFTED
    for pattern in (
        b"/v2/%b/manifests/latest",
        b"/v2/%b/blobs/uploads/",
        b"/v2/%b/tags/list",
        b"/v2/team/%b/referrers/sha256:" + b"0" * 64,
        b"/v2/team/app/manifests/%b",
        b"/v2/team/app/blobs/%b",
        b"/v2/team/app/blobs/uploads/%b",
        b"/v2/team/app/referrers/%b",
        b"/v2/%b",
        b"/%b",
        b"/v2/_catalog?n=%b",
        b"/v2/_catalog?last=%b",
        b"/v2/team/app/tags/list?last=%b",
        b"/v2/team/app/blobs/uploads/?digest=%b",
        b"/v2/team/app/blobs/uploads/?digest-algorithm=%b",
        b"/v2/team/app/blobs/uploads/?mount=%b",
        b"/v2/team/app/blobs/uploads/?mount=sha256:" + b"0" * 64 + b"&from=%b",
        b"/v2/team/app/referrers/sha256:" + b"0" * 64 + b"?artifactType=%b",
        b"/v2/team/app/manifests/sha256:" + b"0" * 64 + b"?tag=%b",
        b"/v2/?%b",
    )
)

crafted = st.integers(0, len(_CRAFTED) - 1).map(_CRAFTED.__getitem__)
chance = st.binary(max_size=24).map(lambda raw: quote_from_bytes(raw, safe="/:%").encode())


_COUNTS = ("0", "1", "-1", "1e9", "9" * 400, "0x10", "+1", "%31", "%D9%A1", "1_0", "null", "0" * 500 + "1")
_LOOSE = (b"&", b"&&&", b"=", b"==", b"n", b"%", b"?n=1", b"n=1;last=a", b"\xff", b"n=1#x", b"tag=a&" * 300, b"%00=%00")


@st.composite
def mostly(draw: st.DrawFn, usual: st.SearchStrategy[Drawn], rare: st.SearchStrategy[Drawn]) -> Drawn:
    return draw(usual if draw(st.integers(0, 9)) < 8 else rare)


def part(*known: str) -> st.SearchStrategy[bytes]:
    """Something for one place of a path or query, as it is written there; mostly something that fits."""
    return mostly(st.sampled_from([text.encode() for text in known]), crafted | chance)


def query(**values: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Parameters that count at this address, in any number; at times what is no parameter at all."""
    pairs = [st.builds(b"%b=%b".__mod__, st.tuples(st.just(key.encode()), value)) for key, value in values.items()]
    pair = st.one_of(pairs)
    return mostly(st.lists(pair, max_size=2), st.lists(pair | st.sampled_from(_LOOSE), max_size=4)).map(b"&".join)


@dataclass(frozen=True, slots=True)
class Spot:
    """An address, the methods that it answers, and what may follow it."""

    methods: tuple[str, ...]
    path: st.SearchStrategy[bytes]
    query: st.SearchStrategy[bytes]


def spots(grounds: Grounds) -> tuple[Spot, ...]:
    name, digest, tag, count = part(*grounds.names), part(*grounds.digests), part(*grounds.tags), part(*_COUNTS)
    page = query(n=count, last=tag | digest | name)
    under = b"/v2/%b/%b".__mod__

    def at(pattern: bytes, last: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
        return st.builds(under, st.tuples(name, last.map(lambda text: pattern + text)))

    return (
        Spot(("GET", "HEAD", "PUT", "PUT", "DELETE"), at(b"manifests/", tag | digest), query(tag=tag, n=count)),
        Spot(("GET", "HEAD", "DELETE"), at(b"blobs/", digest), query(digest=digest)),
        Spot(
            ("POST",),
            at(b"blobs/uploads", st.sampled_from([b"/", b"/", b""])),
            query(mount=digest, digest=digest)
            | query(mount=digest, **{"from": name, "digest-algorithm": part("sha512")}),
        ),
        Spot(("GET", "PATCH", "PUT", "DELETE"), at(b"blobs/uploads/", part(*grounds.uploads)), query(digest=digest)),
        Spot(("GET", "HEAD"), at(b"referrers/", digest), query(artifactType=part(OCI_EMPTY), n=count, last=digest)),
        Spot(("GET", "HEAD"), at(b"tags/list", st.sampled_from([b"", b"", b"", b"/", b"%00"])), page),
        Spot(
            ("GET", "HEAD"), part("/v2/", "/v2", "/v2/_catalog", "/healthz", "/readyz", "/", "*", "//v2/", "/V2/"), page
        ),
        Spot(("GET", "POST"), chance.map(b"/v2/".__add__), page),
    )


_RANGES = (b"0-0", b"-1", b"1-", b"5-2", b"0-0,1-1", b"0-0," * 500, b"9" * 30 + b"-", b"-0", b"0-99999", b"-99999")
_LENGTHS = (b"", b"0", b"1", b"-1", b"+1", b"9" * 19, b"9" * 40, b"1e3", b"\xd9\xa1")
_TYPES = (*ACCEPTED_MANIFESTS, DOCKER_SCHEMA1_SIGNED, f"{OCI_MANIFEST}; charset=utf-8", OCI_MANIFEST.upper(), "a/b", "")
_PEERS = (
    b'::1%","forged":"',
    b"10.0.0.1, " * 100,
    b"fe80::1%eth0",
    b"127.0.0.1",
    b"::ffff:127.0.0.1",
    b",,,",
    b"0x7f.1",
)
_IDS = (b"abc-1", b"", b"a" * 65, b'a"b', b"\xff\xfe", b"a b", b"\t")
_ANY_VALUES = (b"", b"\xff\xfe\x80", b"\t", b"a" * 9000, b"*", b"text/html; charset=\xff", b"../../etc/passwd")


def headers(grounds: Grounds) -> st.SearchStrategy[list[tuple[bytes, bytes]]]:
    etags = [f'"{digest}"'.encode() for digest in grounds.digests]
    conditions = st.sampled_from(
        [*etags, *(b"W/" + etag for etag in etags), b"*", b'","' * 300, b'"', b", ".join(etags)]
    )
    spans = st.sampled_from(
        [b"0-0", b"0-9", b"10-5", b"0-" + b"9" * 20, b"bytes 0-4/*", b"bytes 0-4/2", b"0-0/0", b"-"]
    )
    fitting = {
        b"range": st.sampled_from(_RANGES).map(b"bytes=".__add__),
        b"if-range": conditions,
        b"if-none-match": conditions,
        b"content-range": spans,
        b"content-length": st.sampled_from(_LENGTHS),
        b"content-type": st.sampled_from([media_type.encode() for media_type in _TYPES]),
        b"content-encoding": st.sampled_from([b"gzip", b"identity"]),
        b"accept": st.sampled_from([OCI_MANIFEST.encode(), b"*/*", b"text/html;q=0"]),
        b"x-forwarded-for": st.sampled_from(_PEERS),
        b"x-request-id": st.sampled_from(_IDS),
        b"x-" + b"a" * 500: st.just(b"a"),
    }
    visible = st.binary(max_size=20).map(lambda raw: bytes(byte for byte in raw if byte >= 0x20 and byte != 0x7F))
    lines = [
        st.tuples(st.just(name), mostly(values, st.sampled_from(_ANY_VALUES) | visible))
        for name, values in fitting.items()
    ]
    return st.lists(st.one_of(lines), max_size=3)


_BODIES = (
    b"",
    b"x",
    b"{}",
    b"null",
    b"[" * 50_000,
    b'{"a":' * 50_000,
    b'{"schemaVersion":2,"schemaVersion":2}',
    b'{"schemaVersion":2,"x":"\\ud800"}',
    b'{"schemaVersion":2,"x":"\\u0000"}',
    b'{"schemaVersion":2,"x":1' + b"0" * 5000 + b"}",
    b'{"schemaVersion":2,"x":1e999}',
    b"\xef\xbb\xbf{}",
    b"\x1f\x8b\x08\x00",
    b"\xff" * 100,
    json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}).encode(),
    json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": None, "layers": [OCI_LAYER_GZIP]}).encode(),
    b" " * (4 * MIB + 1),
)
bodies = st.sampled_from(_BODIES) | st.binary(max_size=60) | broken_documents()


@st.composite
def pieces(draw: st.DrawFn) -> list[bytes]:
    """A body as it comes in: cut anywhere, with empty pieces between."""
    body = draw(bodies)
    cuts = sorted(draw(st.lists(st.integers(0, len(body)), max_size=3)))
    return [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]


def shots(grounds: Grounds) -> st.SearchStrategy[Shot]:
    return st.one_of([_shots_at(spot, grounds) for spot in spots(grounds)])


def _shots_at(spot: Spot, grounds: Grounds) -> st.SearchStrategy[Shot]:
    method = mostly(st.sampled_from(spot.methods), st.sampled_from(METHODS))
    target = st.builds(lambda path, query: path + (b"?" + query if query else b""), spot.path, spot.query)
    hangs_up = mostly(st.just(value=False), st.just(value=True))
    return st.builds(Shot, method, target, headers(grounds), pieces(), hangs_up)
