"""The catalogue of failures: all signatures, read from the files beside this one when first asked for.

A new file is a new signature; nothing else has to know of it.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from wharf.doctor.probe import Probes, known_probes
from wharf.doctor.signature import Signature, SignatureId
from wharf.doctor.signature_file import opened_signature
from wharf.errors import SettingRefused

_ENDING: Final = ".toml"


class Catalogue:
    """Signatures by id. Two that are one, or that speak of one that is not there, are refused."""

    def __init__(self, signatures: Iterable[Signature]) -> None:
        self._signatures: dict[SignatureId, Signature] = {}
        self._said_by: dict[str, SignatureId] = {}
        for signature in signatures:
            self._add(signature)
        for signature in self:
            self._refuse_strangers(signature)

    def __iter__(self) -> Iterator[Signature]:
        return iter(self._signatures.values())

    def __len__(self) -> int:
        return len(self._signatures)

    def named(self, signature: SignatureId) -> Signature | None:
        return self._signatures.get(signature)

    def _add(self, signature: Signature) -> None:
        if signature.id in self._signatures:
            raise SettingRefused("id", signature.id, f"{signature.id}{_ENDING}", "there are two of this id")
        for pattern in signature.patterns:
            known = self._said_by.setdefault(pattern.template, signature.id)
            if known != signature.id:
                raise SettingRefused(
                    "patterns", pattern.template, f"{signature.id}{_ENDING}", f"{known} has the same pattern"
                )
        self._signatures[signature.id] = signature

    def _refuse_strangers(self, signature: Signature) -> None:
        for other in (signature.outranks | signature.follows) - self._signatures.keys():
            raise SettingRefused("outranks or follows", other, f"{signature.id}{_ENDING}", "no such signature is known")


def read_catalogue(folder: Traversable, probes: Probes) -> Catalogue:
    found = sorted((file for file in folder.iterdir() if file.name.endswith(_ENDING)), key=lambda file: file.name)
    return Catalogue(
        opened_signature(file.name.removesuffix(_ENDING), file.read_text(encoding="utf-8"), probes) for file in found
    )


@cache
def known_failures() -> Catalogue:
    """All that wharf knows of. It is read once, when first needed, and the causes of each when it was recognised."""
    return read_catalogue(files("wharf.doctor").joinpath("signatures"), known_probes())
