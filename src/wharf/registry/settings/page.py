"""docs/settings.md, made from the table: `python -m wharf.registry.settings.page > docs/settings.md`."""

import sys
from typing import Final

from wharf.registry.settings.sources import CONFIG_NAME, CONFIG_OF_THE_SYSTEM, CONFIG_VARIABLE, Setting
from wharf.registry.settings.table import LISTEN, TABLE, TLS_CERT

EXAMPLE: Final = """\
data = "/srv/wharf"
listen = "127.0.0.1:5000"
workers = 2
gc-interval = "1h"
gc-untagged = "30d"
trusted-proxies = ["127.0.0.1", "10.0.0.0/8"]
"""

_PAGE: Final = f"""\
# Settings

<!-- Made from src/wharf/registry/settings/table.py: python -m wharf.registry.settings.page > docs/settings.md -->

`wharf serve` runs without any. Each setting has one name everywhere: `{TLS_CERT.name}` is the flag `{TLS_CERT.flag}`,
the environment variable `{TLS_CERT.variable}` and the key `{TLS_CERT.name}` in `{CONFIG_NAME}`.
A flag comes before the environment, the environment before the file, the file before the default.

| Name | Value | Default | What it is for |
|---|---|---|---|
{{rows}}

## The file

`--config FILE` names it, or `{CONFIG_VARIABLE}`; else it is `{CONFIG_NAME}` in the current folder,
else `{CONFIG_OF_THE_SYSTEM}`. One file is read, never several. Settings stand at its top, outside any table;
a table `[doctor]` is read by `wharf doctor`.
A relative path in it starts at its own folder.

```toml
{EXAMPLE}```

## Values

- TIME: `90s`, `10m`, `6h`, `30d`, or a bare number of seconds; `never` where the table says so.
- SIZE: a number of bytes, or one with a unit: `4MiB`, `5MB`.
- ADDRESS: an IP address and a port: `127.0.0.1:5000`, `[::1]:5000`. `localhost` is 127.0.0.1. A port alone (`5000`) is
  on loopback; with a colon (`:5000`) it is on every address. An address without a port is on port 5000. Port 0 is
  refused: clients have to know the port.
- FILE, DIR: a path. `none` stands for no certificate and no key. `~` is refused: only a shell knows what it means.
- NETWORKS: networks and addresses between commas, or an array in TOML; `none` believes no proxy.
- `open` is a switch: `--open`, `WHARF_OPEN=true`, `open = true`.
- An empty environment variable is as good as none.

## When something is wrong

A value that cannot be, an unknown key, a value of the wrong type: wharf does not start, says all that is wrong, each
with its place (`{CONFIG_NAME} line 7`, `environment variable {LISTEN.variable}`, `flag {LISTEN.flag}`), and ends with
exit code 3.
An unknown environment variable is a warning, and only if it resembles a setting: others use names with WHARF_ too, such
as Kubernetes for a service called wharf.
"""


def page() -> str:
    return _PAGE.format(rows="\n".join(map(_row, TABLE)))


def _row(setting: Setting[object]) -> str:
    value = setting.metavar.replace("|", ", ") or "switch"
    default = setting.default if setting.derived else f"`{setting.default}`"
    return f"| `{setting.name}` | {value} | {default} | {setting.purpose} |"


if __name__ == "__main__":
    sys.stdout.write(page())
