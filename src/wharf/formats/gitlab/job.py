"""From the mapping of one job, with everything that it has taken over, to the job."""

from collections.abc import Iterator, Mapping
from typing import Final

from wharf.formats.gitlab.keywords import USUAL_STAGE
from wharf.formats.gitlab.pipeline import (
    Condition,
    Filter,
    Image,
    Job,
    Need,
    Service,
    Variable,
    Variables,
    no_variables,
    words_of,
)
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Entry, List, Map, Node, Scalar

_FALSE: Final = {"false", "no", "off"}


def job_of(entry: Entry, body: Map) -> Job:
    inherited = body.map("inherit")
    reports = (body.map("artifacts") or _NOTHING).map("reports") or _NOTHING
    return Job(
        name=entry.key.text.flat,
        span=entry.key.span,
        body=body,
        stage=body.text("stage") or Text.known(USUAL_STAGE),
        image=image_of(body.get("image")),
        services=services_of(body.get("services")),
        variables=variables_of(body.get("variables")),
        script=(*words_of(body.get("before_script")), *words_of(body.get("script"))),
        after_script=words_of(body.get("after_script")),
        rules=conditions_of(body.get("rules")),
        only=filter_of(body.entry("only")),
        excepted=filter_of(body.entry("except")),
        when=_word(body, "when") or "on_success",
        tags=words_of(body.get("tags")),
        needs=_needs_of(body.get("needs")),
        dependencies=_dependencies(body.get("dependencies")),
        matrix=_matrix(body.map("parallel")),
        dotenv=words_of(reports.get("dotenv")),
        child=tuple(_child(body.get("trigger"))),
        inherited=_inherited(inherited.get("variables") if inherited else None),
    )


def image_of(node: Node | None) -> Image | None:
    name = node.text("name") if isinstance(node, Map) else node.text if isinstance(node, Scalar) else None
    return Image(name, node.span) if node is not None and name else None


def services_of(node: Node | None) -> tuple[Service, ...]:
    items = node.items if isinstance(node, List) else ()
    return tuple(service for item in items for service in _service(item))


def _service(node: Node) -> Iterator[Service]:
    if isinstance(node, List):
        yield from services_of(node)
    elif isinstance(node, Scalar):
        yield Service(node.text, node.span)
    elif name := node.text("name"):
        aliases = tuple(part for alias in words_of(node.get("alias")) for part in _parted(alias))
        command = (*words_of(node.get("entrypoint")), *words_of(node.get("command")))
        yield Service(name, node.span, aliases, variables_of(node.get("variables")), command)


def _parted(aliases: Text) -> list[Text]:
    """With commas or spaces between them."""
    parts = (part for each in aliases.split(",") for part in each.split(" "))
    return [part.stripped() for part in parts if part.stripped()]


def variables_of(node: Node | None) -> Variables:
    if not isinstance(node, Map):
        return no_variables()
    found = (_variable(entry) for entry in node)
    return {variable.name: variable for variable in found if variable}


def _variable(entry: Entry) -> Variable | None:
    name, value = entry.key.text.flat, entry.value
    if isinstance(value, Scalar):
        return Variable(name, value.text, entry.key.span)
    if isinstance(value, Map):
        is_raw = _word(value, "expand").lower() in _FALSE
        return Variable(name, value.text("value") or Text(), entry.key.span, is_raw)
    return None


def conditions_of(node: Node | None) -> tuple[Condition, ...] | None:
    return tuple(_conditions(node)) if isinstance(node, List) else None


def _conditions(node: Node) -> Iterator[Condition]:
    if isinstance(node, List):
        for item in node:
            yield from _conditions(item)
    elif isinstance(node, Map):
        exists = node.get("exists")
        yield Condition(
            span=node.span,
            expression=node.text("if"),
            changes="changes" in node,
            exists=words_of(exists.get("paths") if isinstance(exists, Map) else exists) if exists else None,
            when=_word(node, "when"),
            variables=variables_of(node.get("variables")),
        )


def filter_of(entry: Entry | None) -> Filter | None:
    if entry is None or (isinstance(entry.value, Scalar) and entry.value.is_null):
        return None
    value = entry.value
    if not isinstance(value, Map):
        return Filter(entry.key.span, words_of(value))
    return Filter(
        entry.key.span,
        words_of(value.get("refs")) if "refs" in value else None,
        words_of(value.get("variables")) if "variables" in value else None,
        "changes" in value or "kubernetes" in value,
    )


def _needs_of(node: Node | None) -> tuple[Need, ...] | None:
    if not isinstance(node, List):
        return None
    return tuple(need for item in node for need in _need(item))


def _need(node: Node) -> Iterator[Need]:
    if isinstance(node, List):
        yield from _needs_of(node) or ()
    elif isinstance(node, Scalar):
        yield Need(node.text.flat, node.span)
    elif (job := node.scalar("job")) and not {"project", "pipeline"} & {entry.key.text.flat for entry in node}:
        takes = _word(node, "artifacts").lower() not in _FALSE
        yield Need(job.text.flat, job.span, _word(node, "optional").lower() == "true", takes)


def _dependencies(node: Node | None) -> tuple[str, ...] | None:
    return tuple(text.flat for text in words_of(node)) if isinstance(node, List) else None


def _matrix(parallel: Map | None) -> tuple[Mapping[str, tuple[Text, ...]], ...]:
    rows = parallel.list("matrix") if parallel else None
    return tuple(
        {entry.key.text.flat: words_of(entry.value) for entry in row} for row in rows or () if isinstance(row, Map)
    )


def _child(trigger: Node | None) -> Iterator[Text]:
    include = trigger.get("include") if isinstance(trigger, Map) else None
    if isinstance(include, Scalar):
        yield include.text
    for item in include.items if isinstance(include, List) else (include,):
        if isinstance(item, Map) and (local := item.text("local")):
            yield local
        elif isinstance(item, Scalar) and item is not include:
            yield item.text


def _inherited(node: Node | None) -> frozenset[str] | None:
    if isinstance(node, List):
        return frozenset(text.flat for text in words_of(node))
    if isinstance(node, Scalar) and node.text.flat.lower() in _FALSE:
        return frozenset()
    return None


def _word(map_: Map, key: str) -> str:
    return (map_.text(key) or Text()).flat


_NOTHING: Final = Map((), Span.at(""))
