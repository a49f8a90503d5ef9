"""docker/metadata-action: out of its inputs and of what happened, the tags and labels that an image will have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.event import Event
from wharf.formats.github.metadata import labels
from wharf.formats.github.metadata.csv_rows import Comments
from wharf.formats.github.metadata.entries import input_lines
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.github.metadata.flavor import Affix, Flavor, parse_flavor
from wharf.formats.github.metadata.happened import Happened, happened
from wharf.formats.github.metadata.images import Image, enabled, parse_images
from wharf.formats.github.metadata.javascript import trimmed
from wharf.formats.github.metadata.making import Made, Maker, Unsure, sanitised
from wharf.formats.github.metadata.release import Release
from wharf.formats.github.metadata.tag_rule import parse_rules
from wharf.formats.hole import Hole, Unknown
from wharf.formats.text import Text

MOST_CHARACTERS: Final = 50_000
MOST_LINES: Final = 500
"""Of one input, as the characters. Who writes more of them gets no tags from us."""
MOST_TAGS: Final = 5_000
_LISTS: Final = ("images", "tags", "flavor", "labels", "annotations")
_LEVELS: Final = "DOCKER_METADATA_ANNOTATIONS_LEVELS"
_TO_ENVIRONMENT: Final = "DOCKER_METADATA_SET_OUTPUT_ENV"
_NO: Final = {"false", "f", "0", "no", "n", "off"}


def _nothing() -> Mapping[str, Text]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Metadata:
    tags: tuple[Text, ...] = ()
    """In the order of the action, and as often as it names them. Without repository where no image is given."""
    version: Text | None = None
    labels: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    outputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    """What `steps.<id>.outputs` holds."""
    failure: str | None = None
    """Why the step fails."""
    warnings: tuple[str, ...] = ()
    undecided: tuple[Hole, ...] = ()
    perhaps: tuple[Text, ...] = ()
    """Tags that there are if what is undecided turns out so."""
    environment: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    """What the steps after it find in their environment: `DOCKER_METADATA_OUTPUT_TAGS` and its sisters."""


@dataclass(frozen=True)
class _Version:
    """All that the rules made: names of tags, without images."""

    main: Text | None
    names: tuple[Text, ...]
    perhaps: tuple[Text, ...]
    warnings: tuple[str, ...]
    undecided: tuple[Hole, ...]


def describe(inputs: Mapping[str, Text], event: Event, release: str, environment: Mapping[str, Text]) -> Metadata:
    """`release` is what stands behind the `@`; `environment` holds what reaches the step."""
    try:
        return _described(inputs, happened(event, Release.parse(release), environment), environment)
    except MalformedFile as refused:
        return Metadata(failure=refused.problem)


def _described(inputs: Mapping[str, Text], event: Happened, environment: Mapping[str, Text]) -> Metadata:
    for name in _LISTS:
        if len(inputs.get(name, Text())) > MOST_CHARACTERS:
            return Metadata(undecided=Text.unknown(Unknown.TOO_MUCH, name, inputs[name].span).holes)
    comments = Comments.LINES if event.release.comments_only_lines else Comments.ANYWHERE
    lines = {name: input_lines(inputs.get(name, Text()), comments) for name in _LISTS}
    for name, found in lines.items():
        if len(found) > MOST_LINES:
            return Metadata(undecided=Text.unknown(Unknown.TOO_MUCH, name, found[0].span).holes)
    source = trimmed(inputs.get("context", Text()))
    if source.flat not in {"", "workflow", "git"} and not source.holes:
        raise refusal(source, f"Invalid context source: {source.flat}")
    images = parse_images(lines["images"])
    rules = parse_rules(lines["tags"])
    flavor = parse_flavor(lines["flavor"])
    maker = Maker(event, flavor)
    version = _version([maker.make(rule) for rule in rules], flavor)
    if len(images) * len(version.names) > MOST_TAGS:
        return Metadata(undecided=Text.unknown(Unknown.TOO_MUCH, "images", images[0].name.span).holes)
    made = Metadata(
        tags=tuple(_named(images, version.names, is_sure=True)),
        version=version.main,
        warnings=version.warnings or (() if version.names else ("No Docker image version has been generated.",)),
        undecided=(*version.undecided, *_doubtful(images), *_whole_lines(lines)),
        perhaps=(*_named(images, version.names, is_sure=False), *_named(images, version.perhaps, is_sure=None)),
    )
    return _with_outputs(made, version, _Rest(inputs, event, environment, lines))


def _version(made: Iterable[Made | Unsure], flavor: Flavor) -> _Version:
    names: list[Text] = []
    unsure: list[Text] = []
    undecided: list[Hole] = []
    warnings: list[str] = []
    brings_latest: list[bool | None] = []
    is_main_sure = True
    for each in made:
        one = each if isinstance(each, Made) else each.made
        name = sanitised(one.text)
        if isinstance(each, Unsure):
            undecided.append(each.hole)
            is_main_sure = is_main_sure and bool(names)
            unsure += [name] if name else []
            brings_latest += [] if names else [None, one.brings_latest]
        elif name:
            names += [name] if name not in names else []
            brings_latest.append(one.brings_latest)
        warnings += [one.warning] if one.warning else []
    sure, perhaps = _latest(flavor, brings_latest)
    hole = Text.unknown(Unknown.EITHER, "which of the tags is the first one")
    main = names[0] if names and is_main_sure else hole if names or unsure else None
    new = tuple(each for each in unsure if each not in names)
    return _Version(main, (*names, *sure), (*new, *perhaps), tuple(warnings), tuple(undecided))


def _latest(flavor: Flavor, brings: list[bool | None]) -> tuple[list[Text], list[Text]]:
    """Surely or perhaps `latest`. The first tag that there is decides; None stands before one that is not sure."""
    if not brings:
        return [], []
    name = _latest_name(flavor)
    if flavor.latest.holes:
        return [], [name]
    if flavor.latest.flat != "auto":
        there_is, is_sure = flavor.latest.flat == "true", brings[-1] is not None and _has_sure(brings)
        return ([name], []) if there_is and is_sure else ([], [name] if there_is else [])
    ways = set(_ways(brings))
    return ([name], []) if ways == {True} else ([], [name] if True in ways else [])


def _has_sure(brings: list[bool | None]) -> bool:
    return any(each is not None and (not at or brings[at - 1] is not None) for at, each in enumerate(brings))


def _ways(brings: list[bool | None]) -> Iterable[bool]:
    """What may be decided: by each one that is not sure, and by the first one that is."""
    is_unsure = False
    for each in brings:
        if each is None:
            is_unsure = True
            continue
        yield each
        if not is_unsure:
            return
        is_unsure = False
    yield False


def _latest_name(flavor: Flavor) -> Text:
    def affix(each: Affix) -> Text:
        return Text() if each.also_latest is False else each.text

    return sanitised(affix(flavor.prefix) + Text.known("latest", flavor.latest.span) + affix(flavor.suffix))


def _named(images: list[Image], names: Iterable[Text], *, is_sure: bool | None) -> Iterable[Text]:
    """`is_sure` says of which images: those that are enabled, those that perhaps are, or both."""
    there = list(enabled(images))
    if not there:
        return list(names) if is_sure is not False else []
    chosen = [each for each in there if is_sure is None or (each.enable is True) == is_sure]
    all_names = list(names)
    return [_whole(image, name) for image in chosen for name in all_names]


def _whole(image: Image, name: Text) -> Text:
    """The old form of the input may have images without names: `acme/app,`."""
    return image.name + Text.known(":") + name if image.name else name


def _doubtful(images: list[Image]) -> Iterable[Hole]:
    return (
        Text.unknown(Unknown.EITHER, f"whether {each.name.shown} is enabled").holes[0]
        for each in images
        if each.enable is None
    )


def _whole_lines(lines: Mapping[str, list[Text]]) -> Iterable[Hole]:
    """A line that is a hole may be several lines, or none."""
    return (
        line.holes[0] for name in ("images", "tags", "flavor") for line in lines[name] if len(line) == len(line.holes)
    )


@dataclass(frozen=True)
class _Rest:
    inputs: Mapping[str, Text]
    event: Happened
    environment: Mapping[str, Text]
    lines: Mapping[str, list[Text]]

    def separator(self, name: str) -> Text:
        return self.inputs.get(name) or Text.known("\n")

    @property
    def levels(self) -> list[str]:
        return (self.environment.get(_LEVELS, Text()).flat or "manifest").split(",")

    @property
    def server(self) -> str:
        return self.environment.get("GITHUB_SERVER_URL", Text()).flat or "https://github.com"


def _with_outputs(made: Metadata, version: _Version, rest: _Rest) -> Metadata:
    main = version.main or Text()
    about = labels.described(rest.event, main, rest.lines["labels"], rest.server)
    notes = labels.described(rest.event, main, rest.lines["annotations"], rest.server)
    annotations = [line for level in rest.levels for line in labels.as_lines(notes, f"{level}:")]
    outputs = {
        "version": main,
        "tags": _joined(made.tags, rest.separator("sep-tags")),
        "labels": _joined(labels.as_lines(about), rest.separator("sep-labels")),
        "annotations": _joined(annotations, rest.separator("sep-annotations")),
        "json": _json(made.tags, version, about, annotations, rest.event.release),
    }
    if rest.event.release.has_tag_names:
        outputs["tag-names"] = _joined(version.names, rest.separator("sep-tags"))
    for file in ("bake-file", "bake-file-tags", "bake-file-labels", "bake-file-annotations"):
        outputs[file] = Text.unknown(Unknown.RUN, f"the path of {file}")
    return Metadata(
        made.tags,
        made.version,
        about,
        outputs,
        None,
        made.warnings,
        made.undecided,
        made.perhaps,
        _environment(outputs, rest),
    )


def _joined(texts: Iterable[Text], between: Text) -> Text:
    parts: list[Text] = []
    for at, text in enumerate(texts):
        parts += [between, text] if at else [text]
    return Text.joined(parts)


def _json(
    tags: Iterable[Text], version: _Version, about: Mapping[str, Text], annotations: Iterable[Text], release: Release
) -> Text:
    parts = {"tags": labels.as_json(tags)}
    if release.has_tag_names:
        parts["tag-names"] = labels.as_json(version.names)
    parts |= {"labels": labels.as_json(about), "annotations": labels.as_json(annotations)}
    inside = Text.joined((Text.known(f'"{name}":') + part for name, part in parts.items()), ",")
    return Text.known("{") + inside + Text.known("}")


def _environment(outputs: Mapping[str, Text], rest: _Rest) -> Mapping[str, Text]:
    switch = rest.environment.get(_TO_ENVIRONMENT, Text())
    if rest.event.release.may_keep_outputs_to_itself and switch.flat.lower() in _NO:
        return {}
    return {f"DOCKER_METADATA_OUTPUT_{name.replace('-', '_').upper()}": value for name, value in outputs.items()}
