"""`docker/bake-action`: which images it pushes stands in bake files."""

from wharf.doctor.way.actions.copying import not_understood
from wharf.doctor.way.actions.told import Told
from wharf.formats.pipeline import ActionRun


def bake(used: ActionRun) -> Told:
    return not_understood(used)
