"""Actions that deploy one image, which an input of theirs names."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wharf.doctor.way.actions.told import Told, lines_and_commas
from wharf.doctor.way.deed import Deed, Doing
from wharf.formats.pipeline import ActionRun

INPUTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "azure/webapps-deploy": ("images",),
        "azure/container-apps-deploy-action": ("imagetodeploy",),
        "azure/k8s-deploy": ("images",),
        "azure/aci-deploy": ("image",),
        "google-github-actions/deploy-cloudrun": ("image",),
        "aws-actions/amazon-ecs-render-task-definition": ("image",),
        "digitalocean/app_action": ("image",),
        "addnab/docker-run-action": ("image",),
    }
)


def deploying(used: ActionRun) -> Told:
    images = (image for name in INPUTS[used.name] for image in lines_and_commas(used.inputs.get(name)))
    return Told(tuple(Deed(Doing.ASKS, image, used.name) for image in images))
