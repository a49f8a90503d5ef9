"""`kamal`, which builds, pushes and asks for an image whose tag is the whole commit, unless it is told another one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from wharf.doctor.way.tools.options import sorted_words, valued
from wharf.formats.text import Text

_VALUES: Final = valued("--version", "-d", "--destination", "-c", "--config-file", "-h", "--hosts", "-r", "--roles")


@dataclass(frozen=True)
class KamalCall:
    """`version`: None for the commit that is checked out. The image's name stands in `file`."""

    pushes: bool
    asks: bool
    version: Text | None
    file: Text
    destination: Text | None


def kamal(words: Sequence[Text]) -> Iterator[KamalCall]:
    flags = {"-P", "--skip-push", "-p", "--primary", "-q", "--quiet", "-v", "--verbose", "-H", "--skip-hooks"}
    given = sorted_words(words, lambda name: name not in flags and _VALUES(name))
    flat = [operand.flat for operand in given.operands]
    skips = given.has("-P", "--skip-push")
    deploys = flat[:1] and flat[0] in {"deploy", "redeploy", "setup"}
    pushes = bool(deploys and not skips) or flat[:2] in (["build", "push"], ["build", "deliver"])
    asks = bool(deploys) or flat[:2] in (["build", "pull"], ["build", "deliver"], ["app", "boot"])
    if pushes or asks:
        file = given.last("-c", "--config-file") or Text.known("config/deploy.yml")
        yield KamalCall(pushes, asks, given.last("--version"), file, given.last("-d", "--destination"))
