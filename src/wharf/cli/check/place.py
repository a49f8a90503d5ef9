"""Where a check is to put its image, as a person writes it: REGISTRY, or REGISTRY/NAMESPACE."""

from dataclasses import dataclass

import click

from wharf.cli.registry_name import registry_in
from wharf.oci.reference import RepositoryName


@dataclass(frozen=True, slots=True)
class Place:
    registry: str
    namespace: str = ""


class PlaceParameter(click.ParamType[Place]):
    name = "REGISTRY[/NAMESPACE]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        if isinstance(value, Place):
            return value
        address = str(value).strip().rpartition("://")[2]
        host, _, path = address.partition("/")
        namespace = path.strip("/")
        registry = registry_in(host)
        return Place(registry, str(RepositoryName.parse(namespace)) if namespace else "")


PLACE = PlaceParameter()
