"""Command-line options made from the table of settings, and the settings that they and everything else make."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from wharf.cli.surroundings import Surroundings
from wharf.registry.settings.sources import CONFIG_NAME, CONFIG_OF_THE_SYSTEM, CONFIG_VARIABLE, Machine, Setting
from wharf.registry.settings.table import DATA, SERVING, Settings, Use, load_settings

_PATHS: Final = {"FILE", "DIR"}


def option(setting: Setting[object], flag: str | None = None) -> click.Option:
    """Its value is left as text: settings are read in one place, wherever they come from."""
    words = f"{setting.purpose}  [{setting.variable}; default: {setting.default}]"
    if not setting.metavar:
        return click.Option([setting.flag], is_flag=True, flag_value="true", default=None, help=words)
    return click.Option(
        [flag or setting.flag],
        type=click.Path() if setting.metavar in _PATHS else click.STRING,
        metavar=setting.metavar,
        help=words,
    )


def config_option() -> click.Option:
    places = f"[{CONFIG_VARIABLE}; default: {CONFIG_NAME} here, or {CONFIG_OF_THE_SYSTEM}]"
    return click.Option(["--config"], type=click.Path(), metavar="FILE", help=f"The file with settings.  {places}")


def given_settings(
    surroundings: Surroundings, flags: Mapping[str, str], config: str | None, use: Use = SERVING
) -> Settings:
    file = None if config is None else Path(config)
    return load_settings(flags, surroundings.environ, file, use, Machine.here(surroundings.folder))


def settings_of_folder(surroundings: Surroundings, data: str | None, config: str | None, use: Use) -> Settings:
    """For what works on a registry's folder from beside it."""
    return given_settings(surroundings, {} if data is None else {DATA.name: data}, config, use)
