"""How registries are asked from here: what the machine's settings say, and what the command line said beside them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from wharf.cli.remote_options import RemoteWishes
from wharf.cli.surroundings import Surroundings
from wharf.client.settings import ClientSettings
from wharf.credentials.places import CONFIG_NAME, docker_config


def remote_settings(surroundings: Surroundings, wishes: RemoteWishes, notice: Callable[[str], None]) -> ClientSettings:
    """`notice` is told what registries say beside their answers."""
    found = ClientSettings.of_machine(
        surroundings.environ,
        surroundings.home,
        surroundings.platform,
        insecure=wishes.insecure,
        ca_files=wishes.ca_files,
        notice=notice,
    )
    return replace(found, headers=_headers(surroundings, wishes))


def _headers(here: Surroundings, wishes: RemoteWishes) -> Mapping[str, str]:
    """Those that Docker's configuration wants sent with every request."""
    path = wishes.config / CONFIG_NAME if wishes.config else docker_config(here.environ, here.home)
    if not path.exists():
        return {}
    from wharf.credentials.order import config_of  # noqa: PLC0415 - start-up time: often there is no such file

    return config_of(here.environ, here.home, wishes.config).http_headers
