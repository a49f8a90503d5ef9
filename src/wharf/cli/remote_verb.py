"""A verb that speaks to registries, as a command: its own words beside those that all such verbs share.

The verb itself is a coroutine. What it is given beside its words, an errand, is made by whoever puts it together.
"""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import click

from wharf.cli.remote_options import RemoteWishes, json_option, remote_options
from wharf.cli.running import run_to_end
from wharf.cli.surroundings import Surroundings

_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 80}

Work: TypeAlias = Callable[..., Coroutine[object, object, int | None]]
"""It is given its errand, and its own words by name. It may return an exit code of its own."""
Begin: TypeAlias = Callable[
    [Surroundings, RemoteWishes, bool, dict[str, object]], Coroutine[object, object, int | None]
]
"""It is given where it is, what the command line says of registries, whether a machine reads, and the verb's words."""


def remote_verb(name: str, begin: Begin, about: str, epilog: str, params: Sequence[click.Parameter]) -> click.Command:
    @click.pass_obj
    def called(
        surroundings: Surroundings,
        /,
        *,
        config: Path | None,
        insecure: tuple[str, ...],
        ca_file: Path | None,
        as_json: bool,
        **own: object,
    ) -> int | None:
        wishes = RemoteWishes(config, frozenset(insecure), ca_file)
        return run_to_end(begin(surroundings, wishes, as_json, own))

    every = [*params, *remote_options(), json_option()]
    return click.Command(name, callback=called, help=about, epilog=epilog, params=every, context_settings=_CONTEXT)
