"""From the files of a repository to the pipeline that GitLab makes of them."""

import re
from collections.abc import Iterator

from wharf.formats.files import Files
from wharf.formats.gitlab.expression import parse_expression
from wharf.formats.gitlab.extends import Extended
from wharf.formats.gitlab.flaws import Flaw, Wrong
from wharf.formats.gitlab.included import gathered_root
from wharf.formats.gitlab.job import conditions_of, job_of, variables_of
from wharf.formats.gitlab.keywords import (
    DEFAULTS,
    FIRST_STAGE,
    JOB_ONLY,
    LAST_STAGE,
    OLD_DEFAULTS,
    STAGES,
    TOP,
)
from wharf.formats.gitlab.layers import laid_over, only, without
from wharf.formats.gitlab.pipeline import Condition, Job, Pipeline, words_of
from wharf.formats.gitlab.references import References
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Entry, List, Map, Node, Scalar

MAIN_FILE = ".gitlab-ci.yml"
_one_of_many = re.compile(r"(?:: \[[^\]]*\]| \d+/\d+)$")
"""`build: [linux, amd64]` and `test 1/3`: jobs that run several times have such names."""


def read_pipeline(files: Files, path: str = MAIN_FILE, host: str = "") -> Pipeline:
    """FileNotThere, MalformedFile or UnreadableFile for the file itself; those that it includes are told of."""
    written, found = gathered_root(files, path)
    references = References(written)
    extended = Extended(references.resolved())
    root = extended.resolved()
    jobs = tuple(_jobs(root))
    stages = _stages(root)
    taken_over = (*references.flaws, *extended.flaws)
    flaws = [*found.flaws, *taken_over, *_flaws(root, jobs, stages, is_whole=not taken_over)]
    undecided = (*found.undecided, *references.undecided)
    is_whole = not undecided and not found.problems and {Wrong.REPEATED_KEY} >= {flaw.kind for flaw in found.flaws}
    workflow = root.map("workflow")
    return Pipeline(
        file=path,
        root=root,
        stages=stages,
        jobs=jobs,
        variables=variables_of(root.get("variables")),
        workflow=conditions_of(workflow.get("rules")) if workflow else None,
        flaws=tuple(flaw for flaw in flaws if is_whole or flaw.kind not in _MAY_COME_FROM_ELSEWHERE),
        undecided=undecided,
        files=tuple(found.files),
        conditional=frozenset(found.conditional),
        problems=tuple(found.problems),
        host=host,
    )


_MAY_COME_FROM_ELSEWHERE = {
    Wrong.NO_SCRIPT,
    Wrong.UNKNOWN_STAGE,
    Wrong.UNKNOWN_NEED,
    Wrong.LATER_NEED,
    Wrong.UNKNOWN_PARENT,
    Wrong.UNKNOWN_REFERENCE,
}


def _jobs(root: Map) -> Iterator[Job]:
    own = only(root, OLD_DEFAULTS)
    defaults = laid_over(own, only(root.map("default") or without(own, *OLD_DEFAULTS), DEFAULTS))
    for entry in root:
        if _can_run(entry) and isinstance(entry.value, Map):
            yield job_of(entry, _with_defaults(entry.value, defaults))


def _can_run(entry: Entry) -> bool:
    name = entry.key.text.flat
    return name not in TOP and not name.startswith(".")


def _with_defaults(job: Map, defaults: Map) -> Map:
    inherit = job.map("inherit")
    wanted = inherit.get("default") if inherit else None
    if isinstance(wanted, List):
        defaults = only(defaults, frozenset(text.flat for text in words_of(wanted)))
    elif isinstance(wanted, Scalar) and wanted.text.flat.lower() == "false":
        return job
    own = {entry.key.text.flat: entry for entry in job if _is_there(entry.value)}
    missing = tuple(entry for entry in defaults if entry.key.text.flat not in own)
    return Map((*missing, *own.values()), job.span, job.tag)


def _stages(root: Map) -> tuple[str, ...]:
    named = words_of(root.get("stages") or root.get("types"))
    middle = tuple(text.flat for text in named if text.flat not in {FIRST_STAGE, LAST_STAGE}) or STAGES
    return (FIRST_STAGE, *middle, LAST_STAGE)


def _flaws(root: Map, jobs: tuple[Job, ...], stages: tuple[str, ...], *, is_whole: bool) -> Iterator[Flaw]:
    """Of a job that lacks what it was to take over, it is not said what else it lacks."""
    for entry in root:
        if _can_run(entry) and _is_stray(entry):
            yield Flaw(Wrong.STRAY_KEYWORD, entry.key.text.flat, entry.key.span)
    by_name = {job.name: job for job in jobs}
    for job in jobs:
        if not _is_stray_name(job.name):
            if is_whole and not any(_is_there(job.body.get(key)) for key in ("script", "trigger", "run")):
                yield Flaw(Wrong.NO_SCRIPT, job.name, job.span)
            yield from _flaws_of(job, by_name, stages)
    workflow = root.map("workflow")
    yield from _bad_expressions(conditions_of(workflow.get("rules")) or () if workflow else ())


def _is_stray(entry: Entry) -> bool:
    """A job may be called `release`, and then it looks like a job."""
    value = entry.value
    looks_like_a_job = isinstance(value, Map) and any(key in value for key in ("script", "trigger", "run", "extends"))
    return _is_stray_name(entry.key.text.flat) and not looks_like_a_job


def _is_stray_name(name: str) -> bool:
    return name in JOB_ONLY


def _flaws_of(job: Job, by_name: dict[str, Job], stages: tuple[str, ...]) -> Iterator[Flaw]:
    if job.stage.value is not None and job.stage.flat not in stages:
        yield Flaw(Wrong.UNKNOWN_STAGE, job.stage.flat, job.stage.span or job.span)
    if job.rules is not None and (mixed := job.only or job.excepted):
        yield Flaw(Wrong.MIXED_CONDITIONS, job.name, mixed.span)
    for need in job.needs or ():
        needed = by_name.get(need.job) or by_name.get(_one_of_many.sub("", need.job))
        if needed is None and not need.optional and "$" not in need.job:
            yield Flaw(Wrong.UNKNOWN_NEED, need.job, need.span)
        elif needed is not None and _is_later(needed.stage, job.stage, stages):
            yield Flaw(Wrong.LATER_NEED, need.job, need.span)
    yield from _bad_expressions(job.rules or ())


def _is_there(node: Node | None) -> bool:
    return node is not None and not (isinstance(node, Scalar) and node.is_null)


def _is_later(needed: Text, own: Text, stages: tuple[str, ...]) -> bool:
    if needed.flat not in stages or own.flat not in stages:
        return False
    return stages.index(needed.flat) > stages.index(own.flat)


def _bad_expressions(conditions: tuple[Condition, ...]) -> Iterator[Flaw]:
    for condition in conditions:
        text = condition.expression
        if text is not None and text.value is not None and parse_expression(text) is None:
            yield Flaw(Wrong.BAD_EXPRESSION, text.flat, text.span or condition.span)
