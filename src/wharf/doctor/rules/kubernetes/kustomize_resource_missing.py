"""A kustomization that takes what is not there, or itself."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.git_ignored import is_meant_to_be_missing
from wharf.doctor.looks.kubernetes import Cluster, cluster
from wharf.doctor.rule import Rule
from wharf.formats.kubernetes.kustomization import Kustomization, Resource


def check(checkout: Checkout) -> Iterator[Finding]:
    seen = checkout.once(cluster)
    paths = set(checkout.files.paths())
    folders = {each.folder for each in seen.kustomizations}
    for kustomization in seen.kustomizations:
        turns_back = False
        for resource in (*kustomization.resources, *kustomization.components):
            path = resource.path
            if path is None or resource.written.value is None or is_meant_to_be_missing(checkout, path):
                continue
            if path not in paths and path not in folders:
                yield _not_there(resource, any(other.startswith(f"{path}/") for other in paths))
            elif path in folders and not turns_back and _leads_back(path, kustomization.folder, seen):
                turns_back = True
                yield _in_a_circle(kustomization, resource)


def _leads_back(start: str, home: str, seen: Cluster) -> bool:
    by_folder: dict[str, Kustomization] = {each.folder: each for each in seen.kustomizations}
    reached: set[str] = set()
    coming = [start]
    while coming:
        folder = coming.pop()
        if folder == home:
            return True
        if folder not in reached and folder in by_folder:
            reached.add(folder)
            taken = (*by_folder[folder].resources, *by_folder[folder].components)
            coming += [each.path for each in taken if each.path is not None]
    return False


def _not_there(resource: Resource, is_folder: bool) -> Finding:  # noqa: FBT001 - what is there instead
    shown = resource.written.shown
    return Finding(
        resource.span,
        Words(
            f"The folder `{shown}` has no kustomization" if is_folder else f"There is no `{shown}`",
            f"`{shown}` 폴더에 kustomization이 없습니다" if is_folder else f"`{shown}`이(가) 없습니다",
        ),
        cause=Words("kustomize stops at it", "kustomize가 여기에서 멈춥니다"),
    )


def _in_a_circle(kustomization: Kustomization, resource: Resource) -> Finding:
    return Finding(
        resource.span,
        Words(
            f"Taking `{resource.written.shown}` leads back to `{kustomization.folder or '.'}`",
            f"`{resource.written.shown}`을(를) 가져오면 `{kustomization.folder or '.'}`(으)로 되돌아옵니다",
        ),
        cause=Words("kustomize stops: `cycle detected`", "kustomize가 멈춥니다: `cycle detected`"),
    )


RULE: Final = Rule(
    "kustomize-resource-missing",
    Severity.ERROR,
    Words("A kustomization that takes what is not there", "없는 것을 가져오는 kustomization"),
    check,
)
