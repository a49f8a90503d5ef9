"""The API of retention: follow the rules of an owner now, or tell what would go and why. wharf's own."""

from typing import Final

from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation
from wharf.registry.http.api.owner_path import AT_OWNER, OWNER, SETTLED_BY, owner_in, shown
from wharf.registry.http.api.parameters import truth_in
from wharf.registry.http.api.schemas import COUNT, MAYBE_MOMENT, MOMENT, TEXT, TEXTS, TRUTH, listed, sent, told
from wharf.registry.services.packages.cleaning import Cleaning, Judged
from wharf.registry.services.rules.retention import Decision

_MOST_DECISIONS: Final = 10_000
_RUN: Final = sent({"dry_run": {**TRUTH, "default": False}})
_DECISION: Final = told(
    {
        "repository": TEXT,
        "digest": TEXT,
        "tags": TEXTS,
        "stays": TRUTH,
        "why": TEXT,
        "pushed_at": MOMENT,
        "pulled_at": MAYBE_MOMENT,
    }
)
_OUTCOME: Final = told(
    {
        "owner": TEXT,
        "dry_run": TRUTH,
        "staying": COUNT,
        "going": COUNT,
        "decisions": listed(_DECISION),
        "complete": TRUTH,
    }
)


class RetentionApi:
    def __init__(self, cleaning: Cleaning) -> None:
        self._cleaning = cleaning

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/run-retention",
                method="POST",
                path=f"{AT_OWNER}/retention",
                about="Follow the rules of retention now, or (`dry_run`) say what would go and why. What goes can be"
                " restored. A dry run tells of every version; the other of those that went.",
                needs=SETTLED_BY,
                handler=self._retain,
                answers={200: _OUTCOME},
                parameters=(OWNER,),
                body=_RUN,
                example={"dry_run": True},
            ),
        )

    async def _retain(self, request: ApiRequest) -> ApiReply:
        owner, is_rehearsal = owner_in(request), truth_in(request.body, "dry_run", default=False)
        follow = self._cleaning.rehearse if is_rehearsal else self._cleaning.run
        judged = await follow(request.caller, owner)
        decided = [(each, decision) for each in judged for decision in each.decisions]
        shown_ones = [_decision(each, decision) for each, decision in decided if is_rehearsal or not decision.stays]
        going = sum(each.going for each in judged)
        outcome = {
            "owner": shown(owner),
            "dry_run": is_rehearsal,
            "staying": len(decided) - going,
            "going": going,
            "decisions": shown_ones[:_MOST_DECISIONS],
            "complete": len(shown_ones) <= _MOST_DECISIONS,
        }
        return ApiReply(200, outcome)


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
