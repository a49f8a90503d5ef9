"""Headers of a tar file that claim to be absurd are refused before memory is found for them."""

from typing import TYPE_CHECKING, Final

from wharf.errors import MalformedArchive

if TYPE_CHECKING:
    import tarfile

LARGEST_HEADER: Final = 1024 * 1024


def header_class() -> "type[tarfile.TarInfo]":
    import tarfile  # noqa: PLC0415 - start-up time

    wordy = frozenset(
        {
            tarfile.XHDTYPE,
            tarfile.XGLTYPE,
            tarfile.SOLARIS_XHDTYPE,
            tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK,
        }
    )

    class Header(tarfile.TarInfo):
        """Long names and attributes are read into memory at once: they must be of a sane length."""

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "Header":
            header = super().frombuf(buf, encoding, errors)
            if header.type in wordy and header.size > LARGEST_HEADER:
                raise MalformedArchive(
                    header.name, f"a header of {header.size} bytes; at most {LARGEST_HEADER} are read"
                )
            if header.size < 0:
                raise MalformedArchive(header.name, f"a file of {header.size} bytes")
            return header

    return Header
