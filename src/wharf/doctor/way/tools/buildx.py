"""`docker build` and `docker buildx build`, and the putting together of several platforms' images to one."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.way.deed import Act, BakeCall, Deed, Doing
from wharf.doctor.way.outputs import image_outputs
from wharf.doctor.way.tools.options import all_valued_but, sorted_words, valued
from wharf.formats.text import Text

_FLAGS: Final = all_valued_but(
    *(
        "-q",
        "--quiet",
        "--push",
        "--load",
        "--pull",
        "--no-cache",
        "--force-rm",
        "--rm",
        "--squash",
        "--compress",
        "--check",
    ),
    *("--disable-content-trust", "--stream", "-D", "--debug", "--help"),
)
_BAKE_VALUES: Final = valued("-f", "--file", "--set", "--progress", "--metadata-file", "--builder", "--allow", "--call")
_INDEX_VALUES: Final = valued(
    "-t", "--tag", "-f", "--file", "--annotation", "--builder", "--progress", "--metadata-file", "-p", "--platform"
)


def build(words: Sequence[Text], by: str) -> Iterator[Act]:
    given = sorted_words(words, _FLAGS)
    platforms = tuple(part.stripped() for value in given.values("--platform") for part in value.split(","))
    tags = given.values("-t", "--tag")
    outputs = given.values("-o", "--output")
    pushes = given.has("--push") or any("push=true" in value.flat or "type=registry" in value.flat for value in outputs)
    for tag in tags:
        yield Deed(Doing.PUSHES if pushes else Doing.MAKES, tag, f"{by} --push" if pushes else by, platforms)
    for reference in image_outputs(outputs):
        yield Deed(Doing.PUSHES, reference, f"{by} --output", platforms)


def bake(words: Sequence[Text], by: str) -> Iterator[Act]:
    given = sorted_words(words, _BAKE_VALUES)
    yield BakeCall(
        by,
        files=given.values("-f", "--file"),
        targets=given.operands,
        overrides=given.values("--set"),
        pushes=given.has("--push"),
    )


def create_index(words: Sequence[Text]) -> Iterator[Act]:
    """`imagetools create -t NAME SOURCE…` makes an index in the registry itself."""
    if not words:
        return
    given = sorted_words(words[1:], _INDEX_VALUES)
    if words[0].flat == "inspect":
        yield from (Deed(Doing.PROBES, image, "docker buildx imagetools inspect") for image in given.operands)
    if words[0].flat == "create" and not given.has("--dry-run"):
        if not given.has("-t", "--tag") and any(word.holes for word in words):
            yield Deed(Doing.PUSHES, Text(), "docker buildx imagetools create", is_as_named=True)
        yield from (Deed(Doing.PUSHES, tag, "docker buildx imagetools create") for tag in given.values("-t", "--tag"))
