"""What people write as arguments of the verbs for images, read once, at the door."""

from typing import Final

import click

from wharf.oci.platform import Platform
from wharf.oci.reference import Reference


class ReferenceParameter(click.ParamType[Reference]):
    """An image in a registry, or a whole repository. What is wrong with it is said by the reference itself."""

    name = "REFERENCE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Reference:
        return value if isinstance(value, Reference) else Reference.parse(str(value))


class RepositoryParameter(ReferenceParameter):
    """A repository: no tag and no digest."""

    name = "REPOSITORY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Reference:
        reference = super().convert(value, param, ctx)
        if reference.tag or reference.digest:
            bare = f"{reference.registry}/{reference.repository}"
            self.fail(f"{reference} is one image; a whole repository is meant here: {bare}", param, ctx)
        return reference


class PlatformParameter(click.ParamType[Platform]):
    name = "PLATFORM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Platform:
        return value if isinstance(value, Platform) else Platform.parse(str(value))


REFERENCE: Final = ReferenceParameter()
REPOSITORY: Final = RepositoryParameter()
PLATFORM: Final = PlatformParameter()
