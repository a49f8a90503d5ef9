"""The records of package managers, and what is no such record."""

import sqlite3
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import cpu_seconds
from wharf.images.packages import LARGEST_RECORD, Package, is_record, packages_in

DPKG = b"""Package: bash
Status: install ok installed
Architecture: amd64
Version: 5.2.15-2+b7
Description: GNU Bourne Again SHell
 Package: not-this-one
 .

Package: gone
Status: deinstall ok config-files
Version: 1

Package: zlib1g
Status: install ok installed
Version: 1:1.2.13
"""
DISTROLESS = b"Package: base-files\nVersion: 12.4\nArchitecture: amd64\n"
APK = b"C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\nF:lib\nR:ld.so\n\nP:busybox\nV:1.36\n\n"
METADATA = b"Metadata-Version: 2.1\nName: Ruamel.Yaml_x\nVersion: 0.18\n\nName: not-this\n"


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("var/lib/dpkg/status", DPKG,
         (Package("deb", "bash", "5.2.15-2+b7", "amd64"), Package("deb", "zlib1g", "1:1.2.13"))),
        ("var/lib/dpkg/status.d/base", DISTROLESS, (Package("deb", "base-files", "12.4", "amd64"),)),
        ("lib/apk/db/installed", APK,
         (Package("apk", "busybox", "1.36"), Package("apk", "musl", "1.2.5-r0", "x86_64"))),
        ("usr/lib/python3/x.dist-info/METADATA", METADATA, (Package("pypi", "ruamel-yaml-x", "0.18"),)),
        ("usr/lib/python3/x.egg-info/PKG-INFO", METADATA, (Package("pypi", "ruamel-yaml-x", "0.18"),)),
    ],
)  # fmt: skip
def test_packages_are_read_from_their_records(path: str, content: bytes, expected: tuple[Package, ...]) -> None:
    assert expected == packages_in(path, content)


@pytest.mark.parametrize(
    "path", ["etc/status", "var/lib/dpkg/status-old", "var/lib/dpkg/status.d/base.md5sums", "METADATA"]
)
def test_other_files_are_no_records(path: str) -> None:
    assert (False, ()) == (is_record(path, 10), packages_in(path, DPKG))


def test_a_record_larger_than_any_is_not_read() -> None:
    assert not is_record("var/lib/dpkg/status", LARGEST_RECORD + 1)


def rpm_header(**texts: str | int) -> bytes:
    tags = {"name": 1000, "version": 1001, "release": 1002, "epoch": 1003, "architecture": 1022}
    entries, data = b"", b""
    for key, value in texts.items():
        data += bytes(-len(data) % 4)
        is_text = isinstance(value, str)
        entries += struct.pack(">IIII", tags[key], 6 if is_text else 4, len(data), 1)
        data += value.encode() + b"\0" if isinstance(value, str) else struct.pack(">I", value)
    return struct.pack(">II", len(entries) // 16, len(data)) + entries + data


def rpm_database(*headers: bytes) -> bytes:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
    database.executemany("INSERT INTO Packages (blob) VALUES (?)", [(header,) for header in headers])
    database.commit()
    content = database.serialize()
    database.close()
    return content


def test_packages_are_read_from_the_database_of_rpm() -> None:
    bash = rpm_header(name="bash", version="5.1.8", release="6.el9", architecture="x86_64")
    bind = rpm_header(name="bind", version="9.16", release="1", epoch=32, architecture="x86_64")
    key = rpm_header(name="gpg-pubkey", version="1", release="2")
    expected = (Package("rpm", "bash", "5.1.8-6.el9", "x86_64"), Package("rpm", "bind", "32:9.16-1", "x86_64"))
    assert expected == packages_in("var/lib/rpm/rpmdb.sqlite", rpm_database(bash, bind, key))


@given(st.binary(max_size=200))
def test_a_header_of_rpm_that_is_none_tells_of_nothing(header: bytes) -> None:
    assert all(package.kind == "rpm" for package in packages_in("var/lib/rpm/rpmdb.sqlite", rpm_database(header)))


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(4096), rpm_database()[:600]])
def test_a_database_that_is_none_tells_of_nothing(content: bytes) -> None:
    assert () == packages_in("usr/lib/sysimage/rpm/rpmdb.sqlite", content)


@pytest.mark.slow
def test_a_database_that_never_comes_to_an_end_tells_of_nothing() -> None:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIEW Packages AS WITH RECURSIVE n(blob) AS (SELECT 1 UNION ALL SELECT blob + 1 FROM n)"
        " SELECT max(blob) AS blob FROM n"
    )
    content = database.serialize()
    database.close()
    assert cpu_seconds(lambda given: packages_in("var/lib/rpm/rpmdb.sqlite", given), content, 1) < 10


@given(st.binary())
def test_any_bytes_can_be_read_as_a_record(content: bytes) -> None:
    for path in ("var/lib/dpkg/status", "lib/apk/db/installed", "x.dist-info/METADATA"):
        packages_in(path, content)
