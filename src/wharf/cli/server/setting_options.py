"""Command-line options made from the table of settings."""

from typing import Final

import click

from wharf.registry.settings.sources import CONFIG_NAME, CONFIG_OF_THE_SYSTEM, CONFIG_VARIABLE, Setting

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
