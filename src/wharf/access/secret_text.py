"""The text of a secret that wharf gave out: a prefix that says what it is, chance, and a checksum.

    wharf_pat_ + 36 letters and digits + 6 of a checksum         a personal access token
    wharf_ref_…                                                  a refresh token, as `docker login` keeps it
    wharf_ci_…                                                   what an identity token of CI was exchanged for

The checksum is that of all before it (CRC-32, in base 62). A scanner of secrets recognises one that leaked, and knows
without asking that it is no accident; and a slip of the pen costs no question to the database.
"""

import hashlib
import re
import secrets
import zlib
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHANCE: Final = 36
_CHECKSUM: Final = 6
_SHOWN: Final = 4
_FORM: Final = re.compile(rf"wharf_(pat|ref|ci)_([0-9A-Za-z]{{{_CHANCE}}})([0-9A-Za-z]{{{_CHECKSUM}}})")
# For scanners of secrets, and for our own tests that grep what was written.
ANYWHERE: Final = re.compile(rf"wharf_(?:pat|ref|ci)_[0-9A-Za-z]{{{_CHANCE + _CHECKSUM}}}")


class SecretKind(Enum):
    PERSONAL = "pat"
    REFRESH = "ref"
    CI = "ci"


@dataclass(frozen=True, slots=True)
class SecretText:
    kind: SecretKind
    text: str = field(repr=False)

    @classmethod
    def new(cls, kind: SecretKind) -> "SecretText":
        front = f"wharf_{kind.value}_" + "".join(secrets.choice(_DIGITS) for _ in range(_CHANCE))
        return cls(kind, front + _checksum(front))

    @property
    def digest(self) -> str:
        """What is kept of it. Chance of 214 bits needs no slow hash."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def hint(self) -> str:
        """Enough to tell one from another, and of no use to anybody else."""
        return f"{self.text[: len(f'wharf_{self.kind.value}_') + _SHOWN]}…"


def recognised(text: str) -> SecretText | None:
    """What somebody gave as a password, if it is a secret of ours: form and checksum agree."""
    form = _FORM.fullmatch(text)
    if form is None or _checksum(text[:-_CHECKSUM]) != form[3]:
        return None
    return SecretText(SecretKind(form[1]), text)


def _checksum(front: str) -> str:
    value = zlib.crc32(front.encode("ascii"))
    digits = ""
    for _ in range(_CHECKSUM):
        value, digit = divmod(value, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
