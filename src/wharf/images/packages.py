"""The packages in an image, read from the records that package managers keep in its file system."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from wharf.images.rpm_records import read_rpm_records

LARGEST_RECORD: Final = 32 * 1024 * 1024
_INSTALLED: Final = "install ok installed"


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """`kind`: who manages it, as package URLs name it (deb, apk, rpm, pypi)."""

    kind: str
    name: str
    version: str
    architecture: str = ""


def is_record(path: str, size: int) -> bool:
    """Whether this file tells of packages; a larger one than any known is not read into memory."""
    return size <= LARGEST_RECORD and _parser_for(path) is not None


def packages_in(path: str, content: bytes) -> tuple[Package, ...]:
    """What one record tells. A record that cannot be read tells of nothing."""
    parse = _parser_for(path)
    return () if parse is None else tuple(sorted(set(parse(content))))


def _parser_for(path: str) -> "Callable[[bytes], Iterator[Package]] | None":
    return next((parse for is_path, parse in _RECORDS if is_path(path)), None)


# --- Debian and its kin: paragraphs of `Name: value` -----------------------------------------------------------------


def _parse_dpkg(content: bytes) -> Iterator[Package]:
    """In `status` packages stay listed after they were removed; the files of `status.d` do not say a status."""
    for fields in _paragraphs(content, ": "):
        is_there = fields.get("Status", _INSTALLED).endswith(_INSTALLED.rpartition(" ")[2])
        if is_there and fields.get("Package"):
            yield Package("deb", fields["Package"], fields.get("Version", ""), fields.get("Architecture", ""))


# --- Alpine: paragraphs of `P:value` ---------------------------------------------------------------------------------


def _parse_apk(content: bytes) -> Iterator[Package]:
    for fields in _paragraphs(content, ":"):
        if fields.get("P"):
            yield Package("apk", fields["P"], fields.get("V", ""), fields.get("A", ""))


# --- Python: one file for each package -------------------------------------------------------------------------------


def _parse_metadata(content: bytes) -> Iterator[Package]:
    """The first paragraph is the header; what follows is a description, in which anything may stand."""
    fields = next(_paragraphs(content, ":"), {})
    if fields.get("Name"):
        yield Package("pypi", re.sub(r"[-_.]+", "-", fields["Name"].strip()).lower(), fields.get("Version", "").strip())


# --- Red Hat and its kin: records in a database ----------------------------------------------------------------------


def _parse_rpm(content: bytes) -> Iterator[Package]:
    for record in read_rpm_records(content):
        epoch = f"{record.epoch}:" if record.epoch else ""
        yield Package("rpm", record.name, f"{epoch}{record.version}-{record.release}", record.architecture)


def _paragraphs(content: bytes, colon: str) -> Iterator[dict[str, str]]:
    """Lines that begin with a space go on with the value before, which is of no interest here."""
    fields: dict[str, str] = {}
    for line in _lines(content):
        if not line.strip():
            if fields:
                yield fields
            fields = {}
        elif not line[0].isspace():
            name, _, value = line.partition(colon)
            fields.setdefault(name, value)
    if fields:
        yield fields


def _lines(content: bytes) -> Iterable[str]:
    return content.decode("utf-8", "replace").split("\n")


_RECORDS: Final[tuple[tuple[Callable[[str], object], Callable[[bytes], Iterator[Package]]], ...]] = (
    (re.compile(r"var/lib/dpkg/status(?:\.d/[^/]+(?<!\.md5sums))?").fullmatch, _parse_dpkg),
    (re.compile(r"(?:usr/)?lib/apk/db/installed").fullmatch, _parse_apk),
    (re.compile(r"(?:.*/)?[^/]+\.(?:dist-info/METADATA|egg-info/PKG-INFO)").fullmatch, _parse_metadata),
    (re.compile(r"(?:var/lib|usr/lib/sysimage)/rpm/rpmdb\.sqlite").fullmatch, _parse_rpm),
)
