"""`docker/metadata-action`: it names images and pushes nothing."""

from wharf.doctor.way.actions.told import Told
from wharf.formats.pipeline import ActionRun
from wharf.formats.text import Text


def metadata(used: ActionRun) -> Told:
    tags = used.outputs.get("tags") or Text()
    target = used.inputs.get("bake-target") or Text.known("docker-metadata-action")
    return Told(named=used.names, target=target.flat, undecided=tags.holes, failure=used.failure)
