"""Letting CI push what the deployment asks for: one more tag, beside those that it has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.cures.lines import end_of, indent_of, line_at, part_of
from wharf.doctor.finding import Edit
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.nearness import commit_in
from wharf.doctor.way.reference import Pushed
from wharf.doctor.way.way import Answer
from wharf.formats.event import Event
from wharf.formats.span import Span

_FULL: Final = 40
_SHORT: Final = 7
_rule = re.compile(r"type=[a-z]+[^\s\"'|]*")
_one_line = re.compile(r"(?P<key>\s*(?:-\s+)?[\w-]+:\s+)(?P<quote>[\"']?)(?P<value>[^\"'|>]+?)(?P=quote)\s*(?:\s#.*)?")
_reference = re.compile(
    r"(?P<repository>[^\s,\"']*?[^\s,:\"'](?:\$\{\{[^}]*\}\}[^\s,:\"']*)*):(?P<tag>(?:\$\{\{[^}]*\}\}|[^\s,\"'$])+)"
)


@dataclass(frozen=True)
class Change:
    """`shown`: what is put in, for people."""

    edits: tuple[Edit, ...]
    shown: str
    span: Span


def added_tags(checkout: Checkout, answer: Answer) -> Iterator[Change]:
    """Each is to be tried. `answer` has something near it that CI pushes."""
    wanted = image_name(answer.asked.reference).tag
    if wanted is None or wanted.value is None:
        return
    for pushed in dict.fromkeys(one.pushed for one in answer.near if one.pushed is not None):
        for span in dict.fromkeys((written_at(pushed), put_together_at(pushed))):
            line = line_at(checkout, span) if span is not None else ""
            if span is None or not line:
                continue
            if _rule.search(line):
                yield from _beside_a_rule(line, span, wanted.value, answer.event)
            elif (expression := _expression(wanted.value, answer.event)) is not None:
                yield from _beside_a_reference(line, span, expression)


def written_at(pushed: Pushed) -> Span | None:
    """Where the tag of what is pushed is written: the line `type=sha`."""
    tag = image_name(pushed.reference).tag
    return (tag.span if tag is not None else None) or pushed.reference.span


def put_together_at(pushed: Pushed) -> Span | None:
    """Where its tag is put behind its name."""
    colon = pushed.reference.flat.rfind(":")
    return pushed.reference.at(colon) if colon > 0 else None


def rule_for(tag: str, event: Event) -> str | None:
    """What `docker/metadata-action` is to be told, so that it makes this tag."""
    if (commit := commit_in(tag, event.sha)) is not None:
        before = "{{branch}}-" if event.branch and commit.before == f"{event.branch}-" else commit.before
        prefix = "" if before == "sha-" else f",prefix={before}"
        suffix = f",suffix={commit.after}" if commit.after else ""
        long = {_FULL: ",format=long", _SHORT: ""}.get(len(commit.digits))
        return f"type=sha{long}{prefix}{suffix}" if long is not None else None
    if event.tag and tag == event.tag:
        return "type=ref,event=tag"
    if event.tag and tag == event.tag.removeprefix("v"):
        return "type=semver,pattern={{version}}"
    if event.branch and tag == event.branch:
        return "type=ref,event=branch"
    return f"type=raw,value={tag},enable={{{{is_default_branch}}}}" if "," not in tag else None


def _expression(tag: str, event: Event) -> str | None:
    """The same in the words of a workflow."""
    if (commit := commit_in(tag, event.sha)) is not None:
        is_whole = len(commit.digits) == _FULL
        return f"{commit.before}${{{{ github.sha }}}}{commit.after}" if is_whole else None
    if tag in {event.tag, event.branch}:
        return "${{ github.ref_name }}"
    return tag if tag == "latest" else None


def _beside_a_rule(line: str, span: Span, tag: str, event: Event) -> Iterator[Change]:
    if (rule := rule_for(tag, event)) is None:
        return
    if line.strip().startswith("type="):
        edit = Edit(end_of(span, line), f"\n{indent_of(line)}{rule}")
        yield Change((edit,), rule, span)
    elif found := _one_line.fullmatch(line):
        yield Change((_as_lines(found, line, span, rule),), rule, span)


def _as_lines(found: "re.Match[str]", line: str, span: Span, more: str) -> Edit:
    """`tags: type=sha` becomes several lines."""
    inside = f"{indent_of(line)}  "
    replacement = f"|\n{inside}{found['value'].strip()}\n{inside}{more}"
    return Edit(part_of(span, found.end("key"), len(line.rstrip("\r"))), replacement)


def _beside_a_reference(line: str, span: Span, expression: str) -> Iterator[Change]:
    """References in the input `tags` of a build stand one on a line, or with commas between them."""
    if (found := _reference.search(line.partition("tags:")[2] or line)) is None:
        return
    reference = f"{found['repository']}:{expression}".strip()
    if line.strip().startswith("tags:"):
        if written := _one_line.fullmatch(line):
            at = part_of(span, written.end("value"), written.end("value"))
            yield Change((Edit(at, f",{reference}"),), reference, span)
    else:
        edit = Edit(end_of(span, line), f"\n{indent_of(line)}{reference.lstrip('- ')}")
        yield Change((edit,), reference, span)
