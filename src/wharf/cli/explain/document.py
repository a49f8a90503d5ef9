"""The answer as one JSON document."""

from typing import Final

from wharf.cli.explain.answer import Answer, Answered
from wharf.cli.explain.words import TO_COLLECT
from wharf.cli.output import Json
from wharf.doctor.explanation import ExplainedCause, Explanation
from wharf.doctor.language import Language
from wharf.doctor.nearest import Near

_UNKNOWN: Final[dict[str, Json]] = {"signature": None, "title": None, "line": None, "line_number": None, "causes": []}


def document_of(answer: Answer, language: Language) -> Json:
    first, *others = [_failure(each) for each in answer.failures] or [_UNKNOWN]
    return {
        **first,
        "others": [*others, *map(_failure, answer.others)],
        "nearest": [_near(near, language) for near in answer.nearest],
        "collect": [] if answer.failures else [words.in_(language) for words in TO_COLLECT],
        "origin": answer.origin.words.in_(language) if answer.origin else None,
        "offline": answer.offline,
    }


def explanation_document(told: Explanation) -> dict[str, Json]:
    return {
        "signature": told.signature,
        "title": told.title,
        "line": told.line or None,
        "line_number": told.line_number or None,
        "causes": [_cause(cause) for cause in told.causes],
        "not_looked_at": [
            {"probe": unseen.probe, "looks_at": unseen.looks_at, "why": unseen.why} for unseen in told.not_seen
        ],
    }


def _failure(answered: Answered) -> dict[str, Json]:
    return {**explanation_document(answered.explanation), "role": answered.role.value}


def _near(near: Near, language: Language) -> Json:
    title = near.signature.title.in_(language)
    return {"signature": near.signature.id, "title": title, "line": near.line, "share": round(near.share, 2)}


def _cause(cause: ExplainedCause) -> Json:
    return {
        "id": cause.id,
        "text": cause.text,
        "verdict": cause.verdict.value,
        "evidence": list(cause.evidence),
        "fix": cause.fix,
        "commands": list(cause.commands),
        "patches": [{"file": patch.file, "text": patch.text} for patch in cause.patches],
        "probe": cause.probe,
        "looks_at": cause.looks_at,
    }
