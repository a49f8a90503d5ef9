"""`kubectl` and `oc`, as far as they name images."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.way.deed import Act, Deed, Doing, ManifestCall
from wharf.doctor.way.tools.options import all_valued_but, sorted_words
from wharf.formats.text import Text

_FLAGS: Final = all_valued_but(
    *(
        "-A",
        "-R",
        "-i",
        "-t",
        "-w",
        "-q",
        "--all-namespaces",
        "--recursive",
        "--all",
        "--local",
        "--record",
        "--rm",
        "--stdin",
    ),
    *("--tty", "--watch", "--wait", "--force", "--server-side", "--prune", "--validate", "--insecure-skip-tls-verify"),
    *("--quiet", "--attach", "--expose", "--privileged", "--save-config", "--dry-run", "--force-conflicts"),
)
_APPLYING: Final = frozenset({"apply", "create", "replace"})


def kubectl(words: Sequence[Text]) -> Iterator[Act]:
    given = sorted_words(words, _FLAGS)
    flat = [operand.flat for operand in given.operands]
    if flat[:2] == ["set", "image"]:
        for pair in given.operands[2:]:
            yield from _set_image(pair)
    elif flat[:1] == ["run"] or flat[:2] in (["create", "deployment"], ["create", "job"], ["create", "cronjob"]):
        yield from (Deed(Doing.ASKS, image, f"kubectl {flat[0]}") for image in given.values("--image"))
    elif flat[:1] and flat[0] in _APPLYING:
        if files := given.values("-f", "--filename"):
            yield ManifestCall(tuple(part for value in files for part in value.split(",")))
        if folders := given.values("-k", "--kustomize"):
            yield ManifestCall(folders, is_kustomization=True)


def _set_image(pair: Text) -> Iterator[Act]:
    """`container=image`; what is no such pair names the workload."""
    name, equals, _ = pair.flat.partition("=")
    if equals:
        yield Deed(Doing.ASKS, pair[len(name) + 1 :], "kubectl set image")
