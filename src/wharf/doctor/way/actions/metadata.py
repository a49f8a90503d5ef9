"""`docker/metadata-action`: it names images and pushes nothing."""

from wharf.doctor.way.actions.told import Told
from wharf.formats.pipeline import ActionRun
from wharf.formats.text import Text


def metadata(used: ActionRun) -> Told:
    tags = used.outputs.get("tags") or Text()
    separator = used.inputs.get("sep-tags")
    apart = separator.flat if separator is not None and separator.flat else "\n"
    target = used.inputs.get("bake-target") or Text.known("docker-metadata-action")
    named = tuple(tag for tag in tags.split(apart) if tag.stripped())
    return Told(named=named, target=target.flat, undecided=tags.holes)
