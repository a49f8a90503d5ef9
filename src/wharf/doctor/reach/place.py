"""The places that a failure was about: whom the failing program wanted to speak to, and which registry was meant."""

import re

from wharf.client.origin import Origin, is_loopback, is_named_insecure, origin_of_registry
from wharf.doctor.scene import Scene
from wharf.errors import Malformed


def way_of(scene: Scene) -> Origin | None:
    """The address that the text names, which may be that of a token service or a proxy; else the registry."""
    address = _with_port(scene, scene.aim.address or scene.aim.registry or "")
    return _origin(_scheme(scene, address), address) if address else None


def registry_of(scene: Scene) -> Origin | None:
    registry = _with_port(scene, scene.aim.registry or "")
    return _origin("https", registry) if registry else None


def may_be_plain(scene: Scene, origin: Origin) -> bool:
    """Whether a credential may go there without TLS: to this machine, or where somebody has allowed it by name."""
    return is_loopback(origin.host) or is_named_insecure(origin, scene.settings.insecure)


def _origin(scheme: str, name: str) -> Origin | None:
    try:
        return origin_of_registry(scheme, name)
    except Malformed:
        return None


def _with_port(scene: Scene, name: str) -> str:
    """Certificates are spoken of by the host alone; what was asked stands before it, with the port."""
    if not name or name.rpartition(":")[2].isdigit():
        return name
    if scene.aim.registry and scene.aim.registry.rpartition(":")[0] == name:
        return scene.aim.registry
    found = re.search(rf"https?://({re.escape(name)}:[0-9]{{1,5}})(?![0-9])", scene.aim.log, re.IGNORECASE)
    return found[1] if found else name


def _scheme(scene: Scene, address: str) -> str:
    """TLS is the rule. A log that names the address in plain HTTP only says otherwise."""
    log = scene.aim.log.lower()
    return "http" if f"http://{address}" in log and f"https://{address}" not in log else "https"
