"""`skopeo`."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.way.deed import Act, Deed, Doing
from wharf.doctor.way.tools.options import all_valued_but, sorted_words
from wharf.formats.text import Text

_DOCKER: Final = "docker://"
_FLAGS: Final = all_valued_but(
    *(
        "-q",
        "-a",
        "--quiet",
        "--all",
        "--src-tls-verify",
        "--dest-tls-verify",
        "--tls-verify",
        "--insecure-policy",
        "--debug",
    ),
    *("--remove-signatures", "--preserve-digests", "--raw", "--config", "--no-tags", "--no-creds", "--src-no-creds"),
)


def skopeo(words: Sequence[Text]) -> Iterator[Act]:
    given = sorted_words(words, _FLAGS)
    match [operand.flat for operand in given.operands[:1]]:
        case ["copy"] if len(given.operands) == 3:
            source, target = given.operands[1:]
            if source.flat.startswith(_DOCKER):
                yield Deed(Doing.ASKS, source, "skopeo copy")
            if target.flat.startswith(_DOCKER):
                yield Deed(Doing.PUSHES, target, "skopeo copy")
        case ["inspect"]:
            for image in given.operands[1:]:
                if image.flat.startswith(_DOCKER):
                    yield Deed(Doing.PROBES, image, "skopeo inspect")
