"""The API of rules, quotas and retention: wharf's own. In their addresses `-` is the owner for the whole registry."""

from collections.abc import Mapping
from typing import Final

from wharf.errors import MalformedField
from wharf.metadata.records import RuleId, RuleKind
from wharf.oci.reference import LONGEST_TAG
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation, Schema
from wharf.registry.http.api.owner_path import AT_OWNER, OWNER, WHOLE_REGISTRY, owner_in
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import (
    ID,
    LIMITS,
    PAGE,
    PER_PAGE,
    in_path,
    number,
    number_in,
    page,
    text_in,
    texts_in,
    truth_in,
)
from wharf.registry.services.packages.cleaning import Cleaning, Judged
from wharf.registry.services.rules.retention import Decision
from wharf.registry.services.rules.rulebook import MOST_BYTES, Owner, Room, Rule, Rulebook
from wharf.registry.services.rules.terms import (
    LONGEST_SECONDS,
    MOST_PATTERNS,
    MOST_VERSIONS,
    TAG_PATTERN,
    Immutable,
    Retention,
    Terms,
    repository_patterns,
    tag_patterns,
)

_MOST_DECISIONS: Final = 10_000
_KIND: Final[dict[str, JsonValue]] = {"type": "string", "enum": [kind.value for kind in RuleKind]}
_TEXTS: Final[dict[str, JsonValue]] = {"type": "array", "items": {"type": "string"}}
_TAGS: Final[dict[str, JsonValue]] = {
    "type": "array",
    "maxItems": MOST_PATTERNS,
    "items": {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_TAG,
        "pattern": f"^{TAG_PATTERN}$",
        "description": "a tag, or a pattern of tags such as v*",
    },
}
_SECONDS: Final[dict[str, JsonValue]] = {"type": "integer", "minimum": 1, "maximum": LONGEST_SECONDS}
_TERMS: Final[dict[str, JsonValue]] = {
    "repositories": LIMITS,
    "tags": _TAGS,
    "except_tags": _TAGS,
    "keep_tags": _TAGS,
    "keep_newest": {"type": "integer", "minimum": 1, "maximum": MOST_VERSIONS},
    "keep_younger_than": _SECONDS,
    "keep_pulled_within": _SECONDS,
}
_OF_IMMUTABLE: Final = ("except_tags",)
_OF_RETENTION: Final = ("keep_tags", "keep_newest", "keep_younger_than", "keep_pulled_within")
_NEW_RULE: Final[Schema] = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {"kind": _KIND, **_TERMS},
}


def _rule_of(kind: RuleKind, terms: dict[str, JsonValue]) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = {
        "id": ID,
        "owner": {"type": "string"},
        "kind": {"type": "string", "enum": [kind.value]},
        "says": {"type": "string"},
        "repositories": _TEXTS,
        "tags": _TEXTS,
        **terms,
        "created_at": dict(moments.MOMENT),
        "created_by": {"type": "string"},
    }
    return {"type": "object", "required": list(fields), "properties": fields}


_RULE: Final[dict[str, JsonValue]] = {
    "oneOf": [
        _rule_of(RuleKind.IMMUTABLE, {"except_tags": _TEXTS}),
        _rule_of(
            RuleKind.RETENTION,
            {"keep_tags": _TEXTS, **{name: {"type": ["integer", "null"], "minimum": 1} for name in _OF_RETENTION[1:]}},
        ),
    ]
}
_QUOTA: Final[Schema] = {
    "type": "object",
    "required": ["owner", "bytes", "used"],
    "properties": {
        "owner": {"type": "string"},
        "bytes": {"type": ["integer", "null"], "minimum": 0},
        "used": {"type": "integer", "minimum": 0},
    },
}
_NEW_QUOTA: Final[Schema] = {
    "type": "object",
    "required": ["bytes"],
    "additionalProperties": False,
    "properties": {"bytes": {"type": "integer", "minimum": 0, "maximum": MOST_BYTES}},
}
_RUN: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"dry_run": {"type": "boolean", "default": False}},
}
_DECISION: Final[dict[str, JsonValue]] = {
    "type": "object",
    "required": ["repository", "digest", "tags", "stays", "why", "pushed_at", "pulled_at"],
    "properties": {
        "repository": {"type": "string"},
        "digest": {"type": "string"},
        "tags": _TEXTS,
        "stays": {"type": "boolean"},
        "why": {"type": "string"},
        "pushed_at": dict(moments.MOMENT),
        "pulled_at": dict(moments.MAYBE_MOMENT),
    },
}
_OUTCOME: Final[Schema] = {
    "type": "object",
    "required": ["owner", "dry_run", "staying", "going", "decisions", "complete"],
    "properties": {
        "owner": {"type": "string"},
        "dry_run": {"type": "boolean"},
        "staying": {"type": "integer", "minimum": 0},
        "going": {"type": "integer", "minimum": 0},
        "decisions": {"type": "array", "items": _DECISION},
        "complete": {"type": "boolean"},
    },
}
_MAINTAINER: Final = "admin, and the role maintainer; of the registry as a whole: to be its administrator"
_ADMINISTRATOR: Final = "admin, and to be an administrator"


class RulesApi:
    def __init__(self, rulebook: Rulebook, cleaning: Cleaning) -> None:
        self._rulebook = rulebook
        self._cleaning = cleaning

    def operations(self) -> tuple[Operation, ...]:
        return (*self._about_rules(), *self._about_quotas())

    def _about_rules(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/list-rules",
                method="GET",
                path=f"{AT_OWNER}/rules",
                about="The rules of an owner: tags that stay where they are, and what is kept of old versions.",
                needs=_MAINTAINER,
                handler=self._list,
                answers={200: {"type": "array", "items": _RULE}},
                parameters=(OWNER, PAGE, PER_PAGE),
            ),
            Operation(
                id="wharf/create-rule",
                method="POST",
                path=f"{AT_OWNER}/rules",
                about="A new rule. Patterns are for whole names of repositories, and for tags; none means all of them.",
                needs=_MAINTAINER,
                handler=self._create,
                answers={201: _RULE},
                made_at={"rule_id": "id"},
                parameters=(OWNER,),
                body=_NEW_RULE,
                example={"kind": "retention", "keep_newest": 10, "keep_tags": ["v*"]},
            ),
            Operation(
                id="wharf/delete-rule",
                method="DELETE",
                path=f"{AT_OWNER}/rules/{{rule_id}}",
                about="A rule ends. What it held still may be moved again.",
                needs=_MAINTAINER,
                handler=self._delete,
                answers={204: None},
                parameters=(OWNER, in_path("rule_id", "The rule's id.", ID)),
            ),
            Operation(
                id="wharf/run-retention",
                method="POST",
                path=f"{AT_OWNER}/retention",
                about="Follow the rules of retention now, or (`dry_run`) say what would go and why. What goes can be"
                " restored. A dry run tells of every version; the other of those that went.",
                needs=_MAINTAINER,
                handler=self._retain,
                answers={200: _OUTCOME},
                parameters=(OWNER,),
                body=_RUN,
                example={"dry_run": True},
            ),
        )

    def _about_quotas(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/get-quota",
                method="GET",
                path=f"{AT_OWNER}/quota",
                about="How many bytes an owner may hold (null: as many as there is room for), and how many it does.",
                needs="read:packages, and the role reader; of the registry as a whole: to be its administrator",
                handler=self._quota,
                answers={200: _QUOTA},
                parameters=(OWNER,),
            ),
            Operation(
                id="wharf/set-quota",
                method="PUT",
                path=f"{AT_OWNER}/quota",
                about="How many bytes an owner may hold. What it holds already stays, also where that is more.",
                needs=_ADMINISTRATOR,
                handler=self._set_quota,
                answers={200: _QUOTA},
                parameters=(OWNER,),
                body=_NEW_QUOTA,
                example={"bytes": 10_000_000_000},
            ),
            Operation(
                id="wharf/delete-quota",
                method="DELETE",
                path=f"{AT_OWNER}/quota",
                about="The owner may hold as much as there is room for.",
                needs=_ADMINISTRATOR,
                handler=self._drop_quota,
                answers={204: None},
                parameters=(OWNER,),
            ),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        wanted = page(request.query)
        rules, total = await self._rulebook.rules(request.caller, owner_in(request), wanted.start, wanted.size)
        return ApiReply(200, [_rule(rule) for rule in rules], linked(request, wanted, total))

    async def _create(self, request: ApiRequest) -> ApiReply:
        owner = owner_in(request)
        rule = await self._rulebook.add(request.caller, owner, _terms(request.body, owner))
        return ApiReply(201, _rule(rule))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        rule = RuleId(number(request, "rule_id", "rule"))
        await self._rulebook.drop(request.caller, owner_in(request), rule)
        return ApiReply(204)

    async def _retain(self, request: ApiRequest) -> ApiReply:
        owner = owner_in(request)
        if truth_in(request.body, "dry_run", default=False):
            judged = await self._cleaning.rehearse(request.caller, owner)
            return ApiReply(200, {"owner": _shown(owner), "dry_run": True, **_outcome(judged, _all(judged))})
        judged = await self._cleaning.run(request.caller, owner)
        return ApiReply(200, {"owner": _shown(owner), "dry_run": False, **_outcome(judged, _going(judged))})

    async def _quota(self, request: ApiRequest) -> ApiReply:
        return ApiReply(200, _room(await self._rulebook.room(request.caller, owner_in(request))))

    async def _set_quota(self, request: ApiRequest) -> ApiReply:
        most = number_in(request.body, "bytes")
        return ApiReply(200, _room(await self._rulebook.set_quota(request.caller, owner_in(request), most)))

    async def _drop_quota(self, request: ApiRequest) -> ApiReply:
        await self._rulebook.drop_quota(request.caller, owner_in(request))
        return ApiReply(204)


def _shown(owner: Owner | str) -> str:
    return str(owner) if owner else WHOLE_REGISTRY


def _terms(body: Mapping[str, JsonValue], owner: Owner) -> Terms:
    kind = RuleKind(text_in(body, "kind"))
    repositories = repository_patterns(texts_in(body, "repositories"), owner)
    tags = tag_patterns(texts_in(body, "tags"))
    if kind is RuleKind.IMMUTABLE:
        _refuse_strange(body, kind, _OF_RETENTION)
        return Immutable(repositories, tags, tag_patterns(texts_in(body, "except_tags")))
    _refuse_strange(body, kind, _OF_IMMUTABLE)
    numbers = (number_in(body, name) if name in body else None for name in _OF_RETENTION[1:])
    return Retention(repositories, tags, tag_patterns(texts_in(body, "keep_tags")), *numbers)


def _refuse_strange(body: Mapping[str, JsonValue], kind: RuleKind, others: tuple[str, ...]) -> None:
    """What would be left out silently might be what was meant to protect something."""
    for name in others:
        if name in body:
            raise MalformedField(name, f"a rule of the kind {kind.value} has no {name}")


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "owner": _shown(rule.owner),
        "kind": rule.terms.kind.value,
        "says": str(rule.terms),
        **rule.terms.document(),
        "created_at": moments.written(rule.created_at),
        "created_by": rule.created_by,
    }


def _room(room: Room) -> dict[str, object]:
    return {"owner": _shown(room.owner), "bytes": room.most, "used": room.used}


def _all(judged: list[Judged]) -> list[dict[str, object]]:
    return [_decision(each, decision) for each in judged for decision in each.decisions]


def _going(judged: list[Judged]) -> list[dict[str, object]]:
    return [_decision(each, decision) for each in judged for decision in each.decisions if not decision.stays]


def _outcome(judged: list[Judged], told: list[dict[str, object]]) -> dict[str, object]:
    going = sum(each.going for each in judged)
    return {
        "staying": sum(len(each.decisions) for each in judged) - going,
        "going": going,
        "decisions": told[:_MOST_DECISIONS],
        "complete": len(told) <= _MOST_DECISIONS,
    }


def _decision(judged: Judged, decision: Decision) -> dict[str, object]:
    version = decision.version
    return {
        "repository": str(judged.name),
        "digest": str(version.digest),
        "tags": [str(tag) for tag in version.tags],
        "stays": decision.stays,
        "why": decision.why,
        "pushed_at": moments.written(version.pushed_at),
        "pulled_at": moments.maybe_written(version.pulled_at),
    }
