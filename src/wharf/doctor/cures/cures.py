"""All that would mend one broken place of a way. What is told with edits was tried: it does mend it."""

from collections.abc import Iterator

from wharf.doctor.checkout import Checkout
from wharf.doctor.cures.default_side import other_defaults, other_names
from wharf.doctor.cures.deployment_side import asked_instead, is_literal
from wharf.doctor.cures.lines import lines_of
from wharf.doctor.cures.trying import mends
from wharf.doctor.cures.workflow_side import Change, added_tags, rule_for
from wharf.doctor.finding import Fix
from wharf.doctor.language import Words
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.way import Answer


def cures(checkout: Checkout, answer: Answer) -> tuple[Fix, ...]:
    return tuple(_cures(checkout, answer)) or _words_alone(checkout, answer)


def _cures(checkout: Checkout, answer: Answer) -> Iterator[Fix]:
    if change := _first_that_mends(checkout, answer, added_tags(checkout, answer)):
        yield Fix(
            Words(
                "let CI push this tag as well",
                "CI가 이 태그도 푸시하게 합니다",
            ),
            change.edits,
            is_safe=True,
        )
    if change := _first_that_mends(checkout, answer, asked_instead(checkout, answer)):
        yield Fix(
            Words(
                "let the deployment ask for what CI pushes",
                "배포가 CI가 푸시하는 것을 요청하게 합니다",
            ),
            change.edits,
        )
    for changes, is_safe in ((other_defaults, True), (other_names, False)):
        if change := _first_that_mends(checkout, answer, changes(checkout, answer)):
            yield Fix(
                Words(
                    "name the image that CI pushes",
                    "CI가 푸시하는 이미지의 이름을 씁니다",
                ),
                change.edits,
                is_safe=is_safe,
            )


def _first_that_mends(checkout: Checkout, answer: Answer, changes: Iterator[Change]) -> Change | None:
    for change in changes:
        is_plain = answer.asked.event is None and is_literal(change, answer)
        if is_plain or mends(checkout, answer, change.edits):
            return change
    return None


def _named(checkout: Checkout, answer: Answer) -> Iterator[str]:
    """The files of CI that push something near it."""
    files = dict.fromkeys(one.pushed.file for one in answer.near if one.pushed is not None)
    return ("\n".join(lines_of(checkout, file)) for file in files)


def _words_alone(checkout: Checkout, answer: Answer) -> tuple[Fix, ...]:
    """Where no edit is known that mends it."""
    tag = image_name(answer.asked.reference).tag
    wanted = tag.flat if tag is not None else ""
    rule = rule_for(wanted, answer.event)
    english = f"let CI push the tag `{wanted}`, or let the deployment ask for one that CI pushes"
    korean = f"CI가 `{wanted}` 태그를 푸시하게 하거나, 배포가 CI가 푸시하는 태그를 요청하게 합니다"
    by_rule = any("metadata-action" in each for each in _named(checkout, answer))
    if rule is not None and by_rule:
        english += f"; docker/metadata-action makes it from `{rule}`"
        korean += f". docker/metadata-action에서는 `{rule}`(이)가 그 태그를 만듭니다"
    return (Fix(Words(english, korean)),)
