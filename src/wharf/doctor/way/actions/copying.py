"""Actions by others than Docker that build, push or copy images."""

from collections.abc import Iterator

from wharf.doctor.way.actions.told import Told, lines_and_commas
from wharf.doctor.way.deed import Deed, Doing
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.pipeline import ActionRun
from wharf.formats.text import Text


def buildah_build(used: ActionRun) -> Told:
    """`redhat-actions/buildah-build` leaves images on the machine."""
    return Told(tuple(Deed(Doing.MAKES, image, used.name) for image in _tagged(used, ("image",))))


def push_to_registry(used: ActionRun) -> Told:
    """`redhat-actions/push-to-registry`."""
    registry = used.inputs.get("registry")
    images = _tagged(used, ("image",))
    prefix = registry.stripped("/") + Text.known("/") if registry else Text()
    return Told(tuple(Deed(Doing.PUSHES, prefix + image, used.name) for image in images))


def kaniko_action(used: ActionRun) -> Told:
    """`aevea/action-kaniko`."""
    image, registry = used.inputs.get("image"), used.inputs.get("registry") or Text.known("docker.io")
    tag = used.inputs.get("tag") or Text.known("latest")
    whole = registry.stripped("/") + Text.known("/") + image + Text.known(":") + tag if image else None
    return Told((Deed(Doing.PUSHES, whole, used.name),)) if whole else Told()


def not_understood(used: ActionRun) -> Told:
    """It may push images; nobody here knows which."""
    span = next((value.span for value in used.inputs.values() if value.span), None)
    return Told(undecided=(Hole(Reason(Unknown.REMOTE, used.uses), span),))


def _tagged(used: ActionRun, names: tuple[str, ...]) -> Iterator[Text]:
    image = next((used.inputs[name] for name in names if name in used.inputs), None)
    for tag in (part for each in lines_and_commas(used.inputs.get("tags")) for part in each.split(" ") if part):
        yield tag if "/" in tag.flat or image is None else image + Text.known(":") + tag
