"""`buildah`."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.way.deed import Act, Deed, Doing
from wharf.doctor.way.tools.options import all_valued_but, sorted_words, valued
from wharf.formats.text import Text

_REGISTRY: Final = "docker://"
_BUILD: Final = all_valued_but(
    *(
        "-q",
        "--quiet",
        "--layers",
        "--no-cache",
        "--pull",
        "--pull-always",
        "--pull-never",
        "--rm",
        "--force-rm",
        "--squash",
    ),
    *("--tls-verify", "--all-platforms", "--compress", "--stdin", "--squash-all"),
)
_PUSH: Final = valued(
    "--authfile",
    "--creds",
    "--cert-dir",
    "--digestfile",
    "-f",
    "--format",
    "--compression-format",
    "--retry",
    "--retry-delay",
)


def buildah(words: Sequence[Text]) -> Iterator[Act]:
    match [word.flat for word in words[:2]]:
        case ["bud" | "build" | "build-using-dockerfile", *_]:
            yield from _built(words[1:])
        case ["commit" | "tag" as command, *_]:
            for target in sorted_words(words[1:], _PUSH).operands[1:]:
                yield Deed(Doing.MAKES, target, f"buildah {command}")
        case ["manifest", "push"]:
            yield from _pushed(words[2:], "buildah manifest push")
        case ["manifest", "create"]:
            for target in sorted_words(words[2:], _PUSH).operands[:1]:
                yield Deed(Doing.MAKES, target, "buildah manifest create")
        case ["push", *_]:
            yield from _pushed(words[1:], "buildah push")
        case ["pull" | "from", *_]:
            for image in sorted_words(words[1:], valued("--authfile", "--creds", "--platform", "--name")).operands[:1]:
                yield Deed(Doing.ASKS, image, f"buildah {words[0].flat}")


def _built(words: Sequence[Text]) -> Iterator[Act]:
    given = sorted_words(words, _BUILD)
    platforms = tuple(part for value in given.values("--platform") for part in value.split(","))
    yield from (Deed(Doing.MAKES, tag, "buildah build", platforms) for tag in given.values("-t", "--tag", "--manifest"))


def _pushed(words: Sequence[Text], by: str) -> Iterator[Act]:
    for target in sorted_words(words, _PUSH).operands[-1:]:
        name = target[len(_REGISTRY) :] if target.flat.startswith(_REGISTRY) else target
        if "://" not in name.flat:
            yield Deed(Doing.PUSHES, name, by)
