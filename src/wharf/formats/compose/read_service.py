"""From one entry below `services` to the service that it describes. What has a form of its own is left out."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from wharf.formats.compose.place import Place
from wharf.formats.compose.port import Port, read_port
from wharf.formats.compose.service import Build, EnvironmentFile, Named, Service
from wharf.formats.hole import Unknown
from wharf.formats.text import Text
from wharf.formats.yaml.tree import List, Map, Node, Scalar

_HERE: Final = Text.known(".")
_DOCKERFILE: Final = Text.known("Dockerfile")
_OF_SWARM: Final = ("update_config", "rollback_config", "placement", "endpoint_mode", "mode")
_RESET: Final = "!reset"
_OVERRIDE: Final = "!override"


def read_service(key: Scalar, node: Map, folder: str) -> Service:
    replaces = frozenset(entry.key.text.flat for entry in node if entry.value.tag in {_RESET, _OVERRIDE})
    node = _without_what_is_reset(node)
    deploy = node.map("deploy")
    image = node.scalar("image")
    return Service(
        key.text.flat,
        key.span,
        image.text if image else None,
        _build(node.get("build"), folder),
        node.text("platform"),
        node.text("pull_policy"),
        node.text("container_name"),
        node.text("scale") or (deploy.text("replicas") if deploy else None),
        tuple(each.text for each in _scalars(node.get("profiles"))),
        tuple(_ports(node.list("ports"))),
        _pairs(node.get("environment")),
        tuple(_environment_files(node.get("env_file"), folder)),
        tuple(_names(node.get("depends_on"))),
        tuple(_names(node.get("networks"))),
        tuple(_volumes(node.list("volumes"))),
        tuple(_sources(node.list("secrets"))),
        tuple(_sources(node.list("configs"))),
        replaces,
        "provider" in node,
        any(key in deploy for key in _OF_SWARM) if deploy else False,
        image.span if image else None,
    )


def _without_what_is_reset(node: Map) -> Map:
    """A reset value says nothing, but that it says nothing counts."""
    entries = tuple(entry for entry in node if entry.value.tag != _RESET)
    return node if len(entries) == len(node.entries) else Map(entries, node.span, node.tag, node.repeated)


def _build(node: Node | None, folder: str) -> Build | None:
    if isinstance(node, Scalar) and node.text:
        context = Place(node.text, folder)
        return Build(node.span, context, Place(_DOCKERFILE, within=context), says=frozenset({"context"}))
    if not isinstance(node, Map):
        return None
    context = Place(node.text("context") or _HERE, folder)
    return Build(
        node.span,
        context,
        Place(node.text("dockerfile") or _DOCKERFILE, within=context),
        node.text("target"),
        _arguments(node.get("args")),
        tuple(each.text for each in _scalars(node.get("tags"))),
        tuple(each.text for each in _scalars(node.get("platforms"))),
        node.text("dockerfile_inline"),
        frozenset(entry.key.text.flat for entry in node),
    )


def _scalars(node: Node | None) -> Iterator[Scalar]:
    """Of a list, or the one that stands for a list of one."""
    for each in node.items if isinstance(node, List) else (node,):
        if isinstance(each, Scalar) and each.text:
            yield each


def _arguments(node: Node | None) -> Mapping[str, Text]:
    """A name without value takes it from the environment of Compose, or from `.env`."""
    alone = {
        each.text.flat: Text.unknown(Unknown.ENVIRONMENT, each.text.flat, each.span)
        for each in (*_scalars(node if isinstance(node, List) else None), *_keys_without_value(node))
        if "=" not in each.text.flat
    }
    return MappingProxyType({**alone, **_pairs(node)})


def _keys_without_value(node: Node | None) -> Iterator[Scalar]:
    for entry in node if isinstance(node, Map) else ():
        if isinstance(entry.value, Scalar) and entry.value.is_null:
            yield entry.key


def _pairs(node: Node | None) -> Mapping[str, Text]:
    """Of a mapping, or of a list of `name=value`."""
    found: dict[str, Text] = {}
    for entry in node if isinstance(node, Map) else ():
        if isinstance(entry.value, Scalar) and not entry.value.is_null:
            found[entry.key.text.flat] = entry.value.text
    for each in _scalars(node if isinstance(node, List) else None):
        name, equals, _ = each.text.flat.partition("=")
        if equals:
            found[name] = each.text[len(name) + 1 :]
    return MappingProxyType(found)


def _ports(node: List | None) -> Iterator[Port]:
    for each in node or ():
        if isinstance(each, Scalar) and (port := read_port(each.text, each.span)):
            yield port
        elif isinstance(each, Map) and (target := _value(each, "target")):
            published, address = _value(each, "published"), _value(each, "host_ip")
            yield Port(target, published, each.span, address, _value(each, "protocol") or "tcp")


def _value(node: Map, key: str) -> str:
    text = node.text(key)
    return (text.value or "") if text else ""


def _environment_files(node: Node | None, folder: str) -> Iterator[EnvironmentFile]:
    for each in node.items if isinstance(node, List) else (node,):
        if isinstance(each, Scalar) and each.text:
            yield EnvironmentFile(Place(each.text, folder), each.span)
        elif isinstance(each, Map) and (path := each.scalar("path")):
            yield EnvironmentFile(Place(path.text, folder), path.span, _value(each, "required") != "false")


def _names(node: Node | None) -> Iterator[Named]:
    """Of a list, or the keys of a mapping."""
    for each in _scalars(node if isinstance(node, List) else None):
        yield Named(each.text, each.span)
    for entry in node if isinstance(node, Map) else ():
        required = _value(entry.value, "required") if isinstance(entry.value, Map) else ""
        yield Named(entry.key.text, entry.key.span, required != "false")


def _volumes(node: List | None) -> Iterator[Named]:
    for each in node or ():
        if isinstance(each, Scalar):
            source, colon, _ = each.text.flat.partition(":")
            if colon and source and _is_name(source):
                yield Named(each.text[: len(source)], each.span)
        elif isinstance(each, Map) and _value(each, "type") == "volume" and (name := each.scalar("source")):
            yield Named(name.text, name.span)


def _is_name(source: str) -> bool:
    """Not a folder of the host; `C:` begins one as well."""
    return not source.startswith((".", "/", "~", "\\")) and len(source) > 1 and "/" not in source


def _sources(node: List | None) -> Iterator[Named]:
    for each in node or ():
        if isinstance(each, Scalar) and each.text:
            yield Named(each.text, each.span)
        elif isinstance(each, Map) and (source := each.scalar("source")):
            yield Named(source.text, source.span)
