"""The API of rules: tags that stay where they are, and what is kept of old versions. wharf's own."""

from collections.abc import Mapping
from typing import Final

from wharf.errors import MalformedField
from wharf.metadata.records import RuleId, RuleKind
from wharf.oci.reference import LONGEST_TAG
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation
from wharf.registry.http.api.owner_path import AT_OWNER, OWNER, SETTLED_BY, owner_in, shown
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, in_path, number, number_in, page, text_in, texts_in
from wharf.registry.http.api.schemas import ID, MOMENT, REPOSITORIES, TEXT, TEXTS, Shape, listed, one_of, sent, told
from wharf.registry.services.rules.rulebook import Owner, Rule, Rulebook
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

_TAGS: Final = listed(
    {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_TAG,
        "pattern": f"^{TAG_PATTERN}$",
        "description": "a tag, or a pattern of tags such as v*",
    },
    maxItems=MOST_PATTERNS,
)
_SECONDS: Final[Shape] = {"type": "integer", "minimum": 1, "maximum": LONGEST_SECONDS}
_BOUNDS: Final[Shape] = {
    "keep_newest": {"type": "integer", "minimum": 1, "maximum": MOST_VERSIONS},
    "keep_younger_than": _SECONDS,
    "keep_pulled_within": _SECONDS,
}
_OF_IMMUTABLE: Final = ("except_tags",)
_OF_RETENTION: Final = ("keep_tags", *_BOUNDS)
_NEW_RULE: Final = sent(
    {
        "kind": one_of(kind.value for kind in RuleKind),
        "repositories": REPOSITORIES,
        "tags": _TAGS,
        "except_tags": _TAGS,
        "keep_tags": _TAGS,
        **_BOUNDS,
    },
    required=["kind"],
)


def _rule_of(kind: RuleKind, terms: Shape) -> Shape:
    return told(
        {
            "id": ID,
            "owner": TEXT,
            "kind": one_of([kind.value]),
            "says": TEXT,
            "repositories": TEXTS,
            "tags": TEXTS,
            **terms,
            "created_at": MOMENT,
            "created_by": TEXT,
        }
    )


_MAYBE_BOUND: Final[Shape] = {"type": ["integer", "null"], "minimum": 1}
_RULE: Final[Shape] = {
    "oneOf": [
        _rule_of(RuleKind.IMMUTABLE, {"except_tags": TEXTS}),
        _rule_of(RuleKind.RETENTION, {"keep_tags": TEXTS, **dict.fromkeys(_BOUNDS, _MAYBE_BOUND)}),
    ]
}


class RulesApi:
    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/list-rules",
                method="GET",
                path=f"{AT_OWNER}/rules",
                about="The rules of an owner: tags that stay where they are, and what is kept of old versions.",
                needs=SETTLED_BY,
                handler=self._list,
                answers={200: listed(_RULE)},
                parameters=(OWNER, PAGE, PER_PAGE),
            ),
            Operation(
                id="wharf/create-rule",
                method="POST",
                path=f"{AT_OWNER}/rules",
                about="A new rule. Patterns are for whole names of repositories, and for tags; none means all of them.",
                needs=SETTLED_BY,
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
                needs=SETTLED_BY,
                handler=self._delete,
                answers={204: None},
                parameters=(OWNER, in_path("rule_id", "The rule's id.", ID)),
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


def _terms(body: Mapping[str, JsonValue], owner: Owner) -> Terms:
    kind = RuleKind(text_in(body, "kind"))
    repositories = repository_patterns(texts_in(body, "repositories"), owner)
    tags = tag_patterns(texts_in(body, "tags"))
    if kind is RuleKind.IMMUTABLE:
        _refuse_strange(body, kind, _OF_RETENTION)
        return Immutable(repositories, tags, tag_patterns(texts_in(body, "except_tags")))
    _refuse_strange(body, kind, _OF_IMMUTABLE)
    numbers = (number_in(body, name) if name in body else None for name in _BOUNDS)
    return Retention(repositories, tags, tag_patterns(texts_in(body, "keep_tags")), *numbers)


def _refuse_strange(body: Mapping[str, JsonValue], kind: RuleKind, others: tuple[str, ...]) -> None:
    """What would be left out silently might be what was meant to protect something."""
    for name in others:
        if name in body:
            raise MalformedField(name, f"a rule of the kind {kind.value} has no {name}")


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "owner": shown(rule.owner),
        "kind": rule.terms.kind.value,
        "says": str(rule.terms),
        **rule.terms.document(),
        "created_at": moments.written(rule.created_at),
        "created_by": rule.created_by,
    }
