"""kaniko's `executor`, which builds and pushes at once."""

from collections.abc import Iterator, Sequence

from wharf.doctor.way.deed import Act, Deed, Doing
from wharf.doctor.way.tools.options import sorted_words, valued
from wharf.formats.text import Text


def kaniko(words: Sequence[Text]) -> Iterator[Act]:
    flags = (
        "--no-push",
        "--cleanup",
        "--reproducible",
        "--single-snapshot",
        "--cache",
        "--skip-tls-verify",
        "--insecure",
    )
    values = valued(
        "--destination",
        "-d",
        "--context",
        "-c",
        "--dockerfile",
        "-f",
        "--build-arg",
        "--custom-platform",
        "--cache-repo",
    )
    given = sorted_words(words, lambda name: name not in flags and values(name))
    if not given.has("--no-push"):
        yield from (Deed(Doing.PUSHES, to, "kaniko") for to in given.values("--destination", "-d"))
