"""`docker/bake-action`: which images it pushes stands in bake files."""

from wharf.doctor.way.actions.told import Told, lines_and_commas
from wharf.doctor.way.deed import BakeCall
from wharf.formats.pipeline import ActionRun
from wharf.formats.shell.ran import Certainty
from wharf.formats.text import Text


def bake(used: ActionRun) -> Told:
    push = used.inputs.get("push") or Text()
    overrides = tuple(line.stripped() for line in (used.inputs.get("set") or Text()).split("\n") if line.stripped())
    call = BakeCall(
        files=lines_and_commas(used.inputs.get("files")),
        targets=lines_and_commas(used.inputs.get("targets")),
        overrides=overrides,
        pushes=bool(push.holes) or push.flat.strip().lower() == "true",
        by="docker/bake-action",
        folder=used.inputs.get("workdir"),
    )
    return Told((call,), certainty=Certainty.PERHAPS if push.holes else Certainty.ALWAYS)
