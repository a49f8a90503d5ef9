from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.registry.settings.tls_files import Key, make_pair
from wharf.errors import Malformed
from wharf.registry.settings.tls_pair import Part, require_pair, require_part


def complaint(certificate: Path, key: Path) -> str:
    """What is wrong with these two as a pair, or nothing."""
    try:
        require_part(certificate, Part.CERTIFICATE)
        require_part(key, Part.KEY)
        require_pair(certificate, key)
    except Malformed as error:
        return error.reason
    return ""


def test_a_pair_in_two_files_is_taken(tmp_path: Path) -> None:
    assert complaint(*make_pair(tmp_path, "a")) == ""


def test_a_pair_in_one_file_is_taken(tmp_path: Path) -> None:
    certificate, key = make_pair(tmp_path, "a")
    both = tmp_path / "both.pem"
    both.write_text(certificate.read_text() + key.read_text())
    assert complaint(both, both) == ""


def test_a_pair_the_wrong_way_round_is_refused(tmp_path: Path) -> None:
    certificate, key = make_pair(tmp_path, "a")
    assert complaint(key, certificate) == "the file holds no certificate in PEM form"


@pytest.mark.parametrize(("part", "noun"), [(Part.CERTIFICATE, "certificate"), (Part.KEY, "key")])
def test_a_file_without_its_part_is_refused(tmp_path: Path, part: Part, noun: str) -> None:
    file = tmp_path / "file.pem"
    file.write_bytes(b"\x30\x82 not PEM")
    with pytest.raises(Malformed, match=f"the file holds no {noun} in PEM form"):
        require_part(file, part)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="cannot be read: No such file or directory"):
        require_part(tmp_path / "missing.pem", Part.KEY)


def test_an_encrypted_key_is_refused_without_asking_for_its_passphrase(tmp_path: Path) -> None:
    _, key = make_pair(tmp_path, "a", passphrase="secret")
    with pytest.raises(Malformed, match="encrypted") as refused:
        require_part(key, Part.KEY)
    assert refused.value.diagnostics().next_step.startswith("take its passphrase off: openssl pkey")


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    (certificate, _), (_, key) = make_pair(tmp_path, "a"), make_pair(tmp_path, "b")
    with pytest.raises(Malformed, match="does not belong"):
        require_pair(certificate, key)


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP521R1()), rsa.generate_private_key(65537, 2056)],
    ids=["P-521", "RSA of 2056 bits"],
)
def test_a_key_of_a_kind_that_the_server_cannot_use_is_refused(tmp_path: Path, key: Key) -> None:
    with pytest.raises(Malformed, match="cannot speak TLS with a key of this kind") as refused:
        require_pair(*make_pair(tmp_path, "a", key=key))
    assert "RSA of 2048, 3072 or 4096 bits, ECDSA on P-256 or P-384" in refused.value.diagnostics().next_step


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)],
    ids=["P-384", "RSA of 2048 bits"],
)
def test_a_key_of_a_kind_that_the_server_can_use_is_taken(tmp_path: Path, key: Key) -> None:
    assert complaint(*make_pair(tmp_path, "a", key=key)) == ""
