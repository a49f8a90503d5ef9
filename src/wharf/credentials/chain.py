"""The credentials of this machine, in the order in which wharf asks for them. The first answer wins.

1. `--config DIR`: its config.json, as docker writes it, and nothing else: a job of its own.

Without it:

2. DOCKER_AUTH_CONFIG, JSON in the variable;
3. docker's config.json, in DOCKER_CONFIG or ~/.docker: the helper in `credHelpers` for the host, else the one in
   `credsStore`, else (where the file says nothing of credentials) docker's default for the platform. Where the helper
   fails or has nothing, the entries in `auths` are looked at too: docker gives up there;
4. the auth.json of podman, skopeo and buildah: REGISTRY_AUTH_FILE alone, if it is set; else
   $XDG_RUNTIME_DIR/containers (or /run/containers/<uid>; on macOS and Windows ~/.config/containers), then
   $XDG_CONFIG_HOME/containers, then ~/.dockercfg. `credsStore` is not used there, as these tools do not.

A source that is broken is told of, and never hides those after it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wharf.credentials.keychain import PATIENCE_SECONDS, Lookup, Silent
from wharf.oci.reference import RepositoryName

if TYPE_CHECKING:
    from wharf.credentials.known import CountableKeychain, Inventory


@dataclass(frozen=True, slots=True)
class DockerKeychain:
    """Several keychains, asked one after the other; brought along when the first question is asked.

    Many commands ask none, since the registry is open to all, and are not to wait for what reads files.
    """

    sources: "Callable[[], tuple[CountableKeychain, ...]]"

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        silent: tuple[Silent, ...] = ()
        warnings: tuple[str, ...] = ()
        for keychain in self.sources():
            found = keychain.find(registry, repository)
            silent += found.silent
            warnings += found.warnings
            if found.credential is not None:
                return Lookup(found.credential, found.source, silent, warnings)
        return Lookup(silent=silent, warnings=warnings)

    def inventory(self) -> "Inventory":
        """Of all sources. Helpers are asked to list what they have, which takes its time."""
        from wharf.credentials.known import Inventory  # noqa: PLC0415 - start-up time

        return sum((keychain.inventory() for keychain in self.sources()), Inventory())


def keychain_of(
    environ: Mapping[str, str],
    home: Path,
    platform: str,
    config_dir: Path | None = None,
    *,
    uid: int | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> DockerKeychain:
    """Nothing is read before it is asked. `platform` is called as `sys.platform` calls it."""

    def sources() -> "tuple[CountableKeychain, ...]":
        from wharf.credentials.order import sources_of  # noqa: PLC0415 - start-up time

        return sources_of(environ, home, platform, config_dir, uid=uid, patience_seconds=patience_seconds)

    return DockerKeychain(sources)
