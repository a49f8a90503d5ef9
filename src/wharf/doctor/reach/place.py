"""The places that a failure was about: whom the failing program wanted to speak to, and which registry was meant."""

from wharf.client.origin import Origin, is_loopback, is_named_insecure, origin_of_registry
from wharf.doctor.scene import Scene
from wharf.errors import Malformed


def way_of(scene: Scene) -> Origin | None:
    """The address that the text names, which may be that of a token service or a proxy; else the registry."""
    address = scene.aim.address or scene.aim.registry
    return _origin(_scheme(scene, address), address) if address else None


def registry_of(scene: Scene) -> Origin | None:
    return _origin("https", scene.aim.registry) if scene.aim.registry else None


def may_be_plain(scene: Scene, origin: Origin) -> bool:
    """Whether a credential may go there without TLS: to this machine, or where somebody has allowed it by name."""
    return is_loopback(origin.host) or is_named_insecure(origin, scene.settings.insecure)


def _origin(scheme: str, name: str) -> Origin | None:
    try:
        return origin_of_registry(scheme, name)
    except Malformed:
        return None


def _scheme(scene: Scene, address: str) -> str:
    """TLS is the rule. A log that names the address in plain HTTP only says otherwise."""
    log = scene.aim.log.lower()
    return "http" if f"http://{address}" in log and f"https://{address}" not in log else "https"
