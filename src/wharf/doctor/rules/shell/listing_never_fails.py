"""`docker images NAME || exit 1`: a list without entries is a success, so that nothing is ever noticed."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.shell_runs import commands
from wharf.doctor.rule import Rule
from wharf.formats.shell.ran import Ran

_LISTS: Final = (("images",), ("image", "ls"), ("ps",), ("container", "ls"))


def check(checkout: Checkout) -> Iterator[Finding]:
    for _, ran in commands(checkout, "docker", "podman"):
        if ran.is_asked and not ran.is_read and _is_list_of_something(ran):
            yield _finding(ran)


def _is_list_of_something(ran: Ran) -> bool:
    flats = tuple(word.flat for word in ran.words[1:])
    listing = next((words for words in _LISTS if flats[: len(words)] == words), None)
    if listing is None:
        return False
    rest = flats[len(listing) :]
    return any(not word.startswith("-") for word in rest)


def _finding(ran: Ran) -> Finding:
    listing = " ".join(word.flat for word in ran.words[:2])
    return Finding(
        ran.span,
        Words(
            f"`{listing}` succeeds whether or not it lists anything: nothing is checked here",
            f"`{listing}` 명령은 목록이 비어도 성공합니다. 아무것도 확인하지 못합니다",
        ),
        (),
        Words("An empty list is no failure", "빈 목록은 실패가 아닙니다"),
        (_fix(ran),),
    )


def _fix(ran: Ran) -> Fix:
    first, second = ran.words[0].span, ran.words[1].span
    if ran.words[1].flat != "images" or first is None or second is None or second.file != ran.span.file:
        return Fix(Words("Ask with `docker inspect`, which fails", "실패할 줄 아는 `docker inspect`로 확인하세요"))
    words = Words("Ask with `docker image inspect`, which fails", "실패할 줄 아는 `docker image inspect`로 확인하세요")
    is_plain = len(ran.words) == 3
    return Fix(words, (Edit(second, "image inspect"),) if is_plain else ())


RULE: Final = Rule(
    "listing-never-fails",
    Severity.WARNING,
    Words("A check that cannot fail", "실패할 수 없는 확인"),
    check,
)
