"""DOCKER_AUTH_CONFIG holds entries as a file does. It comes before every store, and is meant for CI."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wharf.credentials.config_file import ConfigFile, Form, parse_config
from wharf.credentials.config_keychain import entry_lookup, entry_row
from wharf.credentials.keychain import Lookup, Silent, Source
from wharf.credentials.keys import docker_match
from wharf.credentials.known import Inventory
from wharf.oci.reference import RepositoryName

VARIABLE = "DOCKER_AUTH_CONFIG"


@dataclass(frozen=True, slots=True)
class VariableKeychain:
    environ: Mapping[str, str] = field(repr=False)

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        if not self.environ.get(VARIABLE):
            return Lookup(silent=(Silent(Source(VARIABLE), "it is not set"),))
        config = self._config()
        found = entry_lookup(config, docker_match(config.entries, registry, repository), VARIABLE, registry)
        return Lookup(found.credential, found.source, found.silent, config.warnings)

    def inventory(self) -> Inventory:
        if not self.environ.get(VARIABLE):
            return Inventory()
        config = self._config()
        rows = tuple(entry_row(placed, VARIABLE, None) for placed in config.entries.values())
        return Inventory(rows, warnings=config.warnings)

    def _config(self) -> ConfigFile:
        raw = self.environ.get(VARIABLE, "").encode("utf-8", "surrogatepass")
        return parse_config(raw, VARIABLE, Form.VARIABLE)


def overriding_variable(registry: str, environ: Mapping[str, str]) -> str:
    """What to tell at a login or logout while the variable decides for this registry; empty where it does not."""
    found = VariableKeychain(environ).find(registry)
    if found.credential is None:
        return ""
    return f"{VARIABLE} has a credential for {registry}, and is used before what is stored: unset it"
