"""What a bake does with images: it stands in bake files, in what replaces values of them, and in the environment."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.way.deed import BakeCall, Deed, Doing
from wharf.doctor.way.laid_files import SeenFiles, normal
from wharf.doctor.way.outputs import image_outputs, is_by_digest
from wharf.formats.bake.targets import FILES, BakeTarget, read_bake
from wharf.formats.shell.ran import Ran
from wharf.formats.text import HOLE

_ADDRESS: Final = "://"


def baked(call: BakeCall, ran: Ran, files: SeenFiles) -> Iterator[Deed]:
    folder = normal(ran.folder, call.folder.flat) if call.folder is not None else ran.folder
    written = [normal(folder, file.flat.removeprefix("cwd://")) for file in call.files if HOLE not in file.flat]
    there = frozenset(files.paths())
    usual = [path for name in FILES if (path := normal(folder, name)) in there]
    paths = [path for path in written or usual if path.endswith((".hcl", ".json")) and _ADDRESS not in path]
    if not paths:
        return
    bake = read_bake([files.read(path) for path in paths], ran.environment, call.overrides, call.tags)
    for target in bake.chosen([name.flat for name in call.targets]):
        yield from _target(target, call)


def _target(target: BakeTarget, call: BakeCall) -> Iterator[Deed]:
    if is_by_digest(target.outputs):
        for image in image_outputs(target.outputs):
            yield Deed(Doing.PUSHES, image, call.by, target.platforms, by_digest=True)
        return
    pushes = call.pushes or any(_pushes(output.flat) for output in target.outputs)
    for tag in (*target.tags, *image_outputs(target.outputs)):
        yield Deed(Doing.PUSHES if pushes else Doing.MAKES, tag, call.by, target.platforms)


def _pushes(output: str) -> bool:
    return "type=registry" in output or "push=true" in output
