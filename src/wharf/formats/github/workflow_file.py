"""From the text of a workflow's file, or of an action's, to its parts.

A form that GitHub refuses is noted as a flaw, and the rest is read as if it were not there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.github import known_keys
from wharf.formats.github.inputs import asked_in
from wharf.formats.github.node_words import texts_in, words_in
from wharf.formats.github.trigger_file import triggers_in
from wharf.formats.github.workflow import (
    Action,
    Defaults,
    Flaw,
    Job,
    Permissions,
    Step,
    Workflow,
    Wrong,
)
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import List, Map, Node, Scalar

_is_id = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}").fullmatch
_ALL: Final = {"read-all": "read", "write-all": "write"}


def parse_workflow(text: Text) -> Workflow:
    tree = _whole(text)
    flaws: list[Flaw] = []
    _keys(tree, known_keys.WORKFLOW, flaws)
    flaws += _repetitions(tree)
    triggers = triggers_in(tree, flaws)
    jobs = tuple(_jobs(tree, flaws))
    return Workflow(
        file=tree.span.file,
        tree=tree,
        name=tree.text("name"),
        triggers=triggers,
        environment=texts_in(tree.get("env")),
        defaults=_defaults(tree),
        permissions=_permissions(tree),
        jobs=jobs,
        flaws=tuple(flaws),
    )


def parse_action(text: Text) -> Action:
    tree = _whole(text)
    runs = tree.map("runs") or Map((), tree.span)
    flaws: list[Flaw] = [*_repetitions(tree)]
    outputs = {entry.key.text.flat: entry.value for entry in tree.map("outputs") or ()}
    values = {name: node.text("value") for name, node in outputs.items() if isinstance(node, Map)}
    return Action(
        file=tree.span.file,
        tree=tree,
        using=(runs.text("using") or Text()).flat.lower(),
        inputs=asked_in(tree.map("inputs")),
        outputs={name: value for name, value in values.items() if value is not None},
        steps=tuple(_steps(runs, flaws)),
        flaws=tuple(flaws),
    )


def _whole(text: Text) -> Map:
    documents = parse_yaml(text)
    if len(documents) != 1 or not isinstance(documents[0], Map):
        span = text.at(0) or Span.at("")
        raise MalformedFile(span.file, span.line, span.column, "it is not one mapping of keys to values")
    return documents[0]


def _jobs(tree: Map, flaws: list[Flaw]) -> Iterator[Job]:
    jobs = tree.map("jobs")
    if jobs is None or not jobs.entries:
        where = tree.entry("jobs")
        flaws.append(Flaw(where.key.span if where else tree.span, Wrong.NO_JOBS))
        return
    for entry in jobs:
        if isinstance(entry.value, Map):
            yield _job(entry.key, entry.value, flaws)
        else:
            flaws.append(Flaw(entry.key.span, Wrong.NOT_A_MAP, entry.key.text.flat))


def _job(key: Scalar, tree: Map, flaws: list[Flaw]) -> Job:
    _keys(tree, known_keys.CALLING_JOB if "uses" in tree else known_keys.JOB, flaws)
    if not _is_id(key.text.flat):
        flaws.append(Flaw(key.span, Wrong.BAD_ID, key.text.flat))
    steps = tuple(_steps(tree, flaws))
    _work(key, tree, flaws)
    return Job(
        id=key.text.flat,
        key=key,
        span=key.span.to(tree.span),
        tree=tree,
        name=tree.text("name"),
        needs=words_in(tree.get("needs")),
        condition=tree.text("if"),
        machine=_machine(tree.get("runs-on")),
        matrix=(tree.map("strategy") or tree).get("matrix"),
        environment=texts_in(tree.get("env")),
        defaults=_defaults(tree),
        permissions=_permissions(tree),
        image=_image(tree.get("container")),
        services=_services(tree.map("services")),
        outputs=texts_in(tree.get("outputs")),
        steps=steps,
        uses=tree.text("uses"),
        given=tree.map("with"),
    )


def _work(key: Scalar, tree: Map, flaws: list[Flaw]) -> None:
    if tree.list("steps") is None and "uses" not in tree:
        flaws.append(Flaw(key.span, Wrong.JOB_WITHOUT_WORK, key.text.flat))
    elif "uses" not in tree and "runs-on" not in tree:
        flaws.append(Flaw(key.span, Wrong.JOB_WITHOUT_MACHINE, key.text.flat))


def _steps(tree: Map, flaws: list[Flaw]) -> Iterator[Step]:
    ids: set[str] = set()
    for node in tree.list("steps") or ():
        if not isinstance(node, Map):
            flaws.append(Flaw(node.span, Wrong.NOT_A_MAP, "steps"))
            continue
        step = _step(node)
        flaws += _flaws_of(step, ids)
        ids.add(step.id.lower())
        yield step


def _step(tree: Map) -> Step:
    return Step(
        span=tree.span,
        tree=tree,
        id=(tree.text("id") or Text()).flat,
        name=tree.text("name"),
        condition=tree.text("if"),
        uses=tree.text("uses"),
        run=tree.text("run"),
        inputs=texts_in(tree.get("with"), small=True),
        environment=texts_in(tree.get("env")),
        shell=tree.text("shell"),
        folder=tree.text("working-directory"),
    )


def _flaws_of(step: Step, ids: set[str]) -> Iterator[Flaw]:
    noted: list[Flaw] = []
    _keys(step.tree, _keys_of(step), noted)
    yield from noted
    if step.uses is None and step.run is None and not any(key in step.tree for key in known_keys.WAITING):
        yield Flaw(_begin(step.tree), Wrong.STEP_WITHOUT_WORK)
    if step.uses is not None and step.run is not None:
        yield Flaw(_begin(step.tree), Wrong.STEP_WITH_BOTH)
    place = step.tree.entry("id")
    if place and step.id and not _is_id(step.id):
        yield Flaw(place.value.span, Wrong.BAD_ID, step.id)
    if place and step.id and step.id.lower() in ids:
        yield Flaw(place.value.span, Wrong.SAME_ID, step.id)


def _keys_of(step: Step) -> frozenset[str]:
    if (step.uses is None) == (step.run is None):
        return known_keys.STEP
    return known_keys.USES_STEP if step.run is None else known_keys.RUN_STEP


def _begin(tree: Map) -> Span:
    return tree.entries[0].key.span if tree.entries else tree.span


def _keys(tree: Map, known: frozenset[str], flaws: list[Flaw]) -> None:
    flaws += [
        Flaw(entry.key.span, Wrong.UNKNOWN_KEY, entry.key.text.flat)
        for entry in tree
        if entry.key.text.flat not in known and entry.key.text.value is not None
    ]


def _repetitions(node: Node) -> Iterator[Flaw]:
    """Keys that stand twice in one mapping, wherever it is. An alias is looked into as often as it is used."""
    waiting: list[Node] = [node]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, Map):
            yield from (Flaw(key.span, Wrong.REPEATED_KEY, key.text.flat) for key in current.repeated)
            waiting += [entry.value for entry in current]
        elif isinstance(current, List):
            waiting += current.items


def _machine(node: Node | None) -> tuple[Text, ...]:
    if isinstance(node, Map):
        return (*words_in(node.get("group")), *words_in(node.get("labels")))
    return words_in(node)


def _image(node: Node | None) -> Text | None:
    if isinstance(node, Map):
        return node.text("image")
    return node.text if isinstance(node, Scalar) and not node.is_null else None


def _services(node: Map | None) -> Mapping[str, Text]:
    images = ((entry.key.text.flat, _image(entry.value)) for entry in node or ())
    return {name: image for name, image in images if image is not None}


def _defaults(tree: Map) -> Defaults:
    run = (tree.map("defaults") or tree).map("run")
    return Defaults(run.text("shell"), run.text("working-directory")) if run else Defaults()


def _permissions(tree: Map) -> Permissions | None:
    entry = tree.entry("permissions")
    if entry is None:
        return None
    where = entry.key.span.to(entry.value.span)
    if isinstance(entry.value, Map):
        return Permissions(where, rights=texts_in(entry.value))
    words: Iterable[Text] = words_in(entry.value)
    return Permissions(where, next((_ALL.get(word.flat, "none") for word in words), "none"))
