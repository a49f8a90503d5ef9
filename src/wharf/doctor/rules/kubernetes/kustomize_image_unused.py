"""A change of an image in a kustomization, which none of its objects has."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.formats.kubernetes.image import parts_of
from wharf.formats.kubernetes.kustomization import ImageChange
from wharf.formats.kubernetes.kustomize import Built, BuiltImage
from wharf.formats.span import Span


def check(checkout: Checkout) -> Iterator[Finding]:
    seen = checkout.once(cluster)
    for kustomization in seen.kustomizations:
        built = seen.built[kustomization.folder]
        is_known = not built.is_partly_unknown and not kustomization.is_component and built.images
        for change in built.unused if is_known else ():
            if change.name.value is not None and _is_plain(change.name.flat):
                yield _finding(change, built)


def _is_plain(name: str) -> bool:
    """Names are patterns; one that says more than itself is not judged."""
    return not set(name) & set("*+?()[]{}|^$\\")


def _finding(change: ImageChange, built: Built) -> Finding:
    name = change.name.flat
    return Finding(
        change.span,
        Words(
            f"Nothing here has the image `{name}`, so that this changes nothing",
            f"여기에는 `{name}` 이미지를 쓰는 것이 없어 이 항목은 아무것도 바꾸지 않습니다",
        ),
        tuple(
            Evidence(Words(f"There is `{each.image.shown}`", f"`{each.image.shown}`이(가) 있습니다"), each.span)
            for each in built.images[:3]
        ),
        Words(
            "kustomize compares the whole name, with its registry; what does not fit is passed over without a word",
            "kustomize는 레지스트리까지 포함한 전체 이름을 비교하고, 맞지 않으면 말없이 넘어갑니다",
        ),
        tuple(_fixes(change, built.images)),
    )


def _fixes(change: ImageChange, images: tuple[BuiltImage, ...]) -> Iterator[Fix]:
    """Where one image alone ends as this one does."""
    wanted = change.name.flat.rpartition("/")[2]
    names = {parts_of(each.image).name.flat for each in images if not parts_of(each.image).name.holes}
    near = sorted(name for name in names if name.rpartition("/")[2] == wanted)
    if len(near) == 1:
        span: Span = change.span
        yield Fix(Words(f"Name `{near[0]}`", f"`{near[0]}`(으)로 쓰세요"), (Edit(span, near[0]),))


RULE: Final = Rule(
    "kustomize-image-unused",
    Severity.WARNING,
    Words("A change of an image that nothing has", "쓰이지 않는 이미지 변경"),
    check,
)
