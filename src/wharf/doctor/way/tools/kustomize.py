"""`kustomize edit set image`, which writes into a kustomization what will be asked for."""

from collections.abc import Iterator, Sequence

from wharf.doctor.way.deed import Act, Deed, Doing
from wharf.doctor.way.tools.options import sorted_words, valued
from wharf.formats.text import Text


def kustomize(words: Sequence[Text]) -> Iterator[Act]:
    """`NAME=NEW:TAG`, `NAME=NEW@DIGEST` or `NAME:TAG`."""
    operands = sorted_words(words, valued()).operands
    if [operand.flat for operand in operands[:3]] != ["edit", "set", "image"]:
        return
    for image in operands[3:]:
        name, equals, _ = image.flat.partition("=")
        new = image[len(name) + 1 :] if equals else image
        if not new.flat.startswith(("*", ":")) and not new.flat.endswith(":*"):
            yield Deed(Doing.ASKS, new, "kustomize edit set image")
