"""Targets of bake files: what is built, how the images are named, and where they go.

Files are read in their order; a later one adds to what an earlier one says, and replaces single values of it. A target
takes over what it does not say itself from those that it inherits from.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import islice, product
from typing import Final

from wharf.formats.bake.evaluation import OwnFunction, Scope, evaluated
from wharf.formats.bake.expression import Attribute, Block, Body, Expression, ListOf, Literal, Name
from wharf.formats.bake.hcl import parse_hcl
from wharf.formats.bake.json_file import parse_json_file
from wharf.formats.bake.values import Value, as_text, texts
from wharf.formats.hole import Hole, Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text

DEFAULT: Final = "default"
FILES: Final = ("docker-bake.json", "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl")
"""Which files are read when none are named, as far as they are there. Compose files are read before them."""
_MOST_TARGETS: Final = 1_000
_DEEPEST: Final = 30
_PLURALS: Final = {"platform": "platforms"}


@dataclass(frozen=True)
class BakeTarget:
    """`attributes` are all of them, worked out, with those that it inherits."""

    name: str
    span: Span
    attributes: Mapping[str, Value] = field(default_factory=dict, hash=False)

    @property
    def tags(self) -> tuple[Text, ...]:
        """Without empty ones, which stand for "none": `RELEASE ? "app:1" : ""`."""
        return tuple(tag for tag in texts(self.attributes.get("tags")) if tag)

    @property
    def platforms(self) -> tuple[Text, ...]:
        return texts(self.attributes.get("platforms"))

    @property
    def outputs(self) -> tuple[Text, ...]:
        """`type=registry`, `type=image,push=true` and so on."""
        return tuple(_output(each) for each in _items(self.attributes.get("output")))

    @property
    def context(self) -> Text | None:
        return self._text("context")

    @property
    def dockerfile(self) -> Text | None:
        return self._text("dockerfile")

    def _text(self, name: str) -> Text | None:
        value = self.attributes.get(name)
        return None if value is None else as_text(value)


@dataclass(frozen=True)
class Bake:
    """All targets by name, and the groups that name them."""

    targets: Mapping[str, BakeTarget]
    groups: Mapping[str, tuple[str, ...]]
    undecided: tuple[Hole, ...] = ()

    def chosen(self, names: Sequence[str] = ()) -> tuple[BakeTarget, ...]:
        """The targets of these names and groups, each once."""
        found: dict[str, None] = {}
        waiting, seen = list(names or (DEFAULT,)), set[str]()
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            if name in self.groups:
                waiting[:0] = self.groups[name]
            elif name in self.targets:
                found[name] = None
        return tuple(self.targets[name] for name in found)


def parse_bake(text: Text) -> Body:
    """HCL or JSON: what it is shows at its first character."""
    return parse_json_file(text) if text.flat.lstrip().startswith("{") else parse_hcl(text)


def read_bake(
    files: Iterable[Text],
    environment: Mapping[str, Text],
    overrides: Sequence[Text] = (),
    tags: Mapping[str, tuple[Text, ...]] | None = None,
) -> Bake:
    """`overrides` are `target.key=value`; `tags` are those that another file brings, by the names of their targets.

    MalformedFile for the first file that cannot be read.
    """
    return _Reading([parse_bake(text) for text in files], environment, tags or {}).bake(overrides)


class _Reading:
    def __init__(
        self, bodies: list[Body], environment: Mapping[str, Text], tags: Mapping[str, tuple[Text, ...]]
    ) -> None:
        self._tags = tags
        self._undecided: list[Hole] = []
        blocks = [block for body in bodies for block in body.blocks]
        variables = {name: each.value for body in bodies for name, each in body.attributes.items()}
        variables |= {each.label.flat: _default(each) for each in blocks if each.kind.flat == "variable"}
        self._scope = Scope(variables, {}, environment, _functions(blocks))
        self._blocks = [block for block in blocks if block.kind.flat == "target"]
        self._group_blocks = [block for block in blocks if block.kind.flat == "group"]
        self._own: dict[str, BakeTarget] = {}
        self._whole: dict[str, Mapping[str, Value]] = {}
        self._groups: dict[str, tuple[str, ...]] = {}

    def bake(self, overrides: Sequence[Text]) -> Bake:
        for block in self._blocks:
            self._add(block)
        for name, tags in self._tags.items():
            self._merge(name, tags[0].span if tags and tags[0].span else Span.at(""), {"tags": tags})
        for block in self._group_blocks:
            targets = block.body.attributes.get("targets")
            names = texts(evaluated(targets.value, self._scope)) if targets else ()
            self._undecided += [hole for name in names for hole in name.holes]
            self._groups[block.label.flat] = tuple(name.flat for name in names if not name.holes)
        whole = {name: self._with_inherited(target) for name, target in self._own.items()}
        return Bake(_overridden(whole, overrides), self._groups, tuple(self._undecided))

    def _add(self, block: Block) -> None:
        if len(self._own) > _MOST_TARGETS:
            return
        matrix = block.body.attributes.get("matrix")
        axes = evaluated(matrix.value, self._scope) if matrix else None
        if axes is None:
            self._add_one(block, block.label.flat, self._scope)
        elif isinstance(axes, Mapping) and all(isinstance(axis, tuple) for axis in axes.values()):
            self._add_each(block, {name: axis for name, axis in axes.items() if isinstance(axis, tuple)})
        else:
            self._undecided += Text.unknown(Unknown.SYNTAX, "matrix", block.label.span).holes

    def _add_each(self, block: Block, axes: Mapping[str, tuple[Value, ...]]) -> None:
        names = []
        for combination in islice(product(*axes.values()), _MOST_TARGETS):
            scope = self._scope.with_(dict(zip(axes, combination, strict=True)))
            given = block.body.attributes.get("name")
            name = as_text(evaluated(given.value, scope)) if given else Text.known("-".join(_names(combination)))
            if name.holes:
                self._undecided.append(name.holes[0])
                continue
            names.append(name.flat)
            self._add_one(block, name.flat, scope)
        self._groups[block.label.flat] = tuple(names)

    def _add_one(self, block: Block, name: str, scope: Scope) -> None:
        attributes = {
            key: evaluated(each.value, scope)
            for key, each in block.body.attributes.items()
            if key not in {"matrix", "name"}
        }
        self._merge(name, block.label.span or Span.at(""), attributes)

    def _merge(self, name: str, span: Span, attributes: Mapping[str, Value]) -> None:
        known = self._own.get(name)
        if known is None:
            self._own[name] = BakeTarget(name, span, attributes)
        else:
            self._own[name] = replace(known, attributes=_merged(known.attributes, attributes))

    def _with_inherited(self, target: BakeTarget) -> BakeTarget:
        return replace(target, attributes=self._inherited(target, ()))

    def _inherited(self, target: BakeTarget, heirs: tuple[str, ...]) -> Mapping[str, Value]:
        found: Mapping[str, Value] = {}
        if target.name in self._whole:
            return self._whole[target.name]
        if target.name in heirs or len(heirs) > _DEEPEST:
            return found
        for name in texts(target.attributes.get("inherits")):
            if name.holes:
                self._undecided.append(name.holes[0])
            elif name.flat in self._own:
                found = _merged(found, self._inherited(self._own[name.flat], (*heirs, target.name)))
        self._whole[target.name] = _merged(found, target.attributes)
        return self._whole[target.name]


def _merged(first: Mapping[str, Value], second: Mapping[str, Value]) -> Mapping[str, Value]:
    """Of arguments and labels each one by itself; anything else is replaced."""
    found = dict(first)
    for name, value in second.items():
        known = found.get(name)
        if value is None and name in found:
            continue
        found[name] = {**known, **value} if isinstance(known, Mapping) and isinstance(value, Mapping) else value
    return found


def _default(block: Block) -> Expression:
    default = block.body.attributes.get("default")
    return default.value if default else Literal(None)


def _functions(blocks: Iterable[Block]) -> Mapping[str, OwnFunction]:
    return {
        block.label.flat: _function(block.body)
        for block in blocks
        if block.kind.flat == "function" and "result" in block.body.attributes
    }


def _function(body: Body) -> OwnFunction:
    """Its parameters are a list of names that are no variables."""
    parameters = tuple(text.flat for text in _bare_names(body.attributes.get("params")))
    rest = next((text.flat for text in _bare_names(body.attributes.get("variadic_params"))), None)
    return OwnFunction(parameters, rest, body.attributes["result"].value)


def _bare_names(attribute: Attribute | None) -> Iterator[Text]:
    if attribute is None or not isinstance(attribute.value, ListOf):
        return iter(())
    return (item.source for item in attribute.value.items if isinstance(item, Name))


def _names(combination: Iterable[Value]) -> Iterator[str]:
    return (as_text(each).flat for each in combination)


def _items(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _output(value: Value) -> Text:
    """As `key=value` with commas between, where it is an object."""
    if not isinstance(value, Mapping):
        return as_text(value)
    return Text.joined((Text.known(f"{key}=") + as_text(each) for key, each in value.items()), ",")


def _overridden(targets: Mapping[str, BakeTarget], overrides: Iterable[Text]) -> Mapping[str, BakeTarget]:
    """`app.tags=x`, `*.platform=linux/arm64`, `*.output=type=registry`, `app.push=true`."""
    found = dict(targets)
    for override in overrides:
        key = override.flat.partition("=")[0]
        pattern, _, name = key.partition(".")
        for target in list(found.values()):
            if name and fnmatchcase(target.name, pattern):
                said = override[len(key) + 1 :]
                found[target.name] = replace(target, attributes={**target.attributes, **_set(target, name, said)})
    return found


def _set(target: BakeTarget, name: str, value: Text) -> Mapping[str, Value]:
    if name == "push":
        return {"output": (Text.known("type=registry", value.span),)} if value.flat == "true" else {}
    if name in _PLURALS:
        return {_PLURALS[name]: tuple(value.split(","))}
    if name.removesuffix("+") in {"output", "tags"}:
        known = _items(target.attributes.get(name.removesuffix("+"))) if name.endswith("+") else ()
        return {name.removesuffix("+"): (*known, *value.split("\n"))}
    return {name: value}
