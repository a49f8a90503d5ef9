"""`wharf admin retention daily`: all rules are followed beside the registry, on the machine that it runs on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import click

from wharf.cli.output import Output
from wharf.cli.remote_options import json_option
from wharf.cli.server.admin_gc import store_errors
from wharf.cli.server.setting_options import config_option, given_settings, option
from wharf.cli.surroundings import Surroundings
from wharf.registry.retaining import merge_pulls, retain
from wharf.registry.services.packages.cleaning import Judged
from wharf.registry.settings.accounts import KEEP_DAILY_PULLS
from wharf.registry.settings.table import DATA, RETAINING

_ABOUT: Final = """\
Follow all rules of retention, as the registry itself does each day. The registry may go on serving.

What goes can be restored for a while. Where no owner has such a rule, nothing goes. Pulls of long ago are merged by
month, also as the registry does each day.
"""
_EPILOG: Final = """\
\b
Example:
  wharf admin retention daily --data /srv/wharf
"""


@click.pass_obj
def _follow(
    surroundings: Surroundings,
    /,
    config: str | None,
    data: str | None,
    keep_daily_pulls: str | None,
    *,
    as_json: bool,
) -> None:
    output = Output(surroundings)
    flags = {DATA.name: data, KEEP_DAILY_PULLS.name: keep_daily_pulls}
    given = {name: text for name, text in flags.items() if text is not None}
    settings = given_settings(surroundings, given, config, RETAINING)
    with store_errors(settings.data):
        versions, going = asyncio.run(_counted(retain(settings)))
        merged = asyncio.run(merge_pulls(settings))
    if as_json:
        output.json({"versions": versions, "deleted": going, "merged_pulls": merged})
    else:
        output.line(f"{settings.data}: {going} of {versions} versions went, and can be restored for a while")


async def _counted(found: AsyncIterator[Judged]) -> tuple[int, int]:
    versions = going = 0
    async for judged in found:
        versions += len(judged.decisions)
        going += judged.going
    return versions, going


daily: Final = click.Command(
    "daily",
    callback=_follow,
    help=_ABOUT,
    epilog=_EPILOG,
    params=[option(DATA), option(KEEP_DAILY_PULLS), config_option(), json_option()],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
