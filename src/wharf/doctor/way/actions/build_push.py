"""`docker/build-push-action`."""

from wharf.doctor.way.actions.told import Told, lines_and_commas
from wharf.doctor.way.deed import Deed, Doing
from wharf.doctor.way.outputs import image_outputs, is_by_digest
from wharf.formats.pipeline import ActionRun
from wharf.formats.shell.ran import Certainty
from wharf.formats.text import Text


def build_push(used: ActionRun) -> Told:
    tags = lines_and_commas(used.inputs.get("tags"))
    outputs = tuple(line.stripped() for line in (used.inputs.get("outputs") or Text()).lines())
    platforms = lines_and_commas(used.inputs.get("platforms"))
    push = used.inputs.get("push") or Text()
    name = "docker/build-push-action"
    pushed = tuple(image_outputs(outputs))
    if is_by_digest(outputs):
        return Told(tuple(Deed(Doing.PUSHES, image, name, platforms, by_digest=True) for image in pushed))
    if push.holes or push.flat.strip().lower() == "true" or any("push=true" in output.flat for output in outputs):
        certainty = Certainty.PERHAPS if push.holes else Certainty.ALWAYS
        return Told(tuple(Deed(Doing.PUSHES, tag, name, platforms) for tag in (*tags, *pushed)), certainty=certainty)
    if any("type=registry" in output.flat for output in outputs):
        return Told(tuple(Deed(Doing.PUSHES, tag, name, platforms) for tag in (*tags, *pushed)))
    return Told(tuple(Deed(Doing.MAKES, tag, name, platforms) for tag in tags))
