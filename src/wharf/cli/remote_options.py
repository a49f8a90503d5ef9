"""Options that every verb has that speaks to registries: whom to trust, and where credentials are."""

from pathlib import Path
from typing import Final, NamedTuple

import click

from wharf.cli.registry_name import HOST

_FOLDER: Final = click.Path(file_okay=False, path_type=Path)
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


class RemoteWishes(NamedTuple):
    """What the command line says about registries: everything else is found on the machine."""

    config: Path | None = None
    insecure: frozenset[str] = frozenset()
    ca_file: Path | None = None

    @property
    def ca_files(self) -> tuple[Path, ...]:
        return () if self.ca_file is None else (self.ca_file,)


def remote_options() -> list[click.Parameter]:
    return [
        click.Option(["--config"], type=_FOLDER, metavar="DIR", help="Where credentials are, in place of ~/.docker."),
        click.Option(
            ["--insecure"],
            type=HOST,
            multiple=True,
            metavar="HOST",
            help="Trust this registry without a certificate, or over plain HTTP. May be given again.",
        ),
        click.Option(["--ca-file"], type=_FILE, metavar="FILE", help="Trust the certificates in this file, too."),
    ]


def json_option() -> click.Option:
    return click.Option(["as_json", "--json"], is_flag=True, help="Print one JSON object, for machines.")
