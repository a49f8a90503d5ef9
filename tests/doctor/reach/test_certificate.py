import ssl
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.certificates import Authority
from wharf.doctor.reach.certificate import Certificate, read_certificate


def made(folder: Path, *names: str) -> bytes:
    pem = Authority.create(folder).issue(*names, common_name="registry.test").certificate.read_text()
    return ssl.PEM_cert_to_DER_cert(pem)


def read(folder: Path, *names: str) -> Certificate:
    certificate = read_certificate(made(folder, *names))
    assert certificate is not None
    return certificate


def test_what_a_certificate_says_of_itself(tmp_path: Path) -> None:
    certificate = read(tmp_path, "registry.test", "*.example.test", "10.0.0.7")

    assert ("registry.test", "Test Authority") == (certificate.subject.common_name, certificate.issuer.common_name)
    assert ("registry.test", "*.example.test", "10.0.0.7") == certificate.names
    assert certificate.begins < certificate.ends
    assert not certificate.is_self_issued


def test_whom_it_is_for(tmp_path: Path) -> None:
    certificate = read(tmp_path, "registry.test", "*.example.test", "10.0.0.7")

    hosts = ("registry.test", "REGISTRY.test", "a.example.test", "10.0.0.7")
    strangers = ("a.b.example.test", "example.test", "10.0.0.8", "other.test")

    assert [True] * 4 + [False] * 4 == [certificate.is_for(host) for host in (*hosts, *strangers)]


def test_how_many_authorities_may_follow_one(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path)
    root = read_certificate(ssl.PEM_cert_to_DER_cert(authority.file.read_text()))

    assert root is not None
    assert (0, True) == (root.path_length, root.is_self_issued)


@given(st.binary(max_size=200))
@settings(max_examples=80)
def test_garbage_is_no_certificate(raw: bytes) -> None:
    assert read_certificate(raw) is None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return made(tmp_path_factory.mktemp("authority"), "registry.test", "10.0.0.7")


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_a_damaged_certificate_raises_nothing(whole: bytes, data: st.DataObject) -> None:
    raw = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    read_certificate(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
