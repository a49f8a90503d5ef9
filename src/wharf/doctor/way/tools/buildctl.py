"""`buildctl`, BuildKit's own client."""

from collections.abc import Iterator, Sequence

from wharf.doctor.way.deed import Act, Deed, Doing
from wharf.doctor.way.outputs import image_outputs
from wharf.doctor.way.tools.options import all_valued_but, sorted_words
from wharf.formats.text import Text


def buildctl(words: Sequence[Text]) -> Iterator[Act]:
    given = sorted_words(words, all_valued_but("--no-cache", "--debug", "--debug-json-cache-metrics", "--help"))
    if any(operand.flat == "build" for operand in given.operands[:1]):
        yield from (
            Deed(Doing.PUSHES, name, "buildctl build") for name in image_outputs(given.values("--output", "-o"))
        )
