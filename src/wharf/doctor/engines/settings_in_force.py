"""What dockerd has loaded of its settings about registries, as /info tells it."""

import ipaddress
from collections.abc import Mapping

from wharf.doctor.engines.reading import objects_of, words_of
from wharf.oci.reference import DOCKER_HUB


def registry_settings(info: Mapping[str, object]) -> Mapping[str, object]:
    return objects_of(info.get("RegistryConfig"))


def has_mirrors(info: Mapping[str, object]) -> bool:
    return bool(mirrors(info))


def mirrors(info: Mapping[str, object]) -> tuple[str, ...]:
    return words_of(registry_settings(info).get("Mirrors"))


def insecure_names(info: Mapping[str, object]) -> frozenset[str]:
    indexes = objects_of(registry_settings(info).get("IndexConfigs"))
    return frozenset(name for name, index in indexes.items() if objects_of(index).get("Secure") is False)


def insecure_networks(info: Mapping[str, object]) -> tuple[str, ...]:
    return words_of(registry_settings(info).get("InsecureRegistryCIDRs"))


def is_insecure(info: Mapping[str, object], registry: str) -> bool:
    return is_listed(registry, (*insecure_names(info), *insecure_networks(info)))


def is_listed(registry: str, listed: tuple[str, ...]) -> bool:
    """By name and port, or by a network in which its address lies; names are not looked up for that here."""
    return registry != DOCKER_HUB and any(entry == registry or _covers(entry, registry) for entry in listed)


def _covers(network: str, registry: str) -> bool:
    host = registry.rpartition("]")[0].lstrip("[") if registry.startswith("[") else registry.partition(":")[0]
    address = "127.0.0.1" if host == "localhost" else host
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
