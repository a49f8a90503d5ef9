"""`wharf serve`: run the registry in the foreground, until it is told to stop."""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import click

from wharf.cli.server.setting_options import config_option, given_settings, option
from wharf.cli.surroundings import Surroundings
from wharf.registry.settings.sources import FIRST_PASSWORD_VARIABLE, strange_variables
from wharf.registry.settings.table import TABLE, LogFormat, Settings

Run = Callable[[Settings, Sequence[str], str | None], None]

_ABOUT: Final = """\
Run the registry in the foreground. SIGTERM or Ctrl-C stops it when the transfers under way are done.

Each setting may also stand in the environment or in wharf.toml; docs/settings.md explains them.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf serve
  wharf serve --data /srv/wharf --listen 127.0.0.1:5001 --workers 2
  wharf serve --tls-cert registry.crt --tls-key registry.key
"""
_log = logging.getLogger("wharf.registry")


def serve_command(run: Run) -> click.Command:
    """`run` gets the settings, warnings that belong in the log, and the password for the first account."""

    @click.pass_obj
    def begin(surroundings: Surroundings, /, config: str | None, **given: str | None) -> None:
        flags = {setting.name: text for setting in TABLE if (text := given[setting.field]) is not None}
        settings = given_settings(surroundings, flags, config)
        run(settings, strange_variables(surroundings.environ, TABLE), surroundings.environ.get(FIRST_PASSWORD_VARIABLE))

    options = [*map(option, TABLE), config_option()]
    return click.Command("serve", params=[*options], callback=begin, help=_ABOUT, epilog=_EPILOG)


def _run_server(settings: Settings, warnings: Sequence[str], first_password: str | None) -> None:
    from wharf.registry.server import serve as run_until_stopped  # noqa: PLC0415 - start-up time: help is asked more often
    from wharf.registry.server_log import configure_logging  # noqa: PLC0415 - as above

    if settings.log_format is LogFormat.AUTO:
        settings = replace(settings, log_format=LogFormat.HUMAN if sys.stderr.isatty() else LogFormat.JSON)
    configure_logging(settings.log_format)
    for warning in warnings:
        _log.warning("%s", warning)
    run_until_stopped(settings, first_password)


serve: Final = serve_command(_run_server)
