"""The message itself: the image's name that it quotes, a status, an exit code, and which of several things it says."""

import re
from collections.abc import Mapping
from typing import Final

from wharf.doctor.ground.image_name import flaw_in
from wharf.doctor.ground.without_secrets import without_secrets
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.squeezed import small, squeezed, without_colours
from wharf.oci.reference import Reference

_MOST: Final = 60_000
_statuses: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"unexpected status(?: from \w+ request to \S{1,2000}?)?:\s*(\d{3})\b",
        r"statuscode:\s*(\d{3})\b",
        r"unexpected http status:?\s*(\d{3})\b",
        r"status code:?\s*(\d{3})\b",
        r"\bHTTP (\d{3}) response",
        r"failed with status:\s*(\d{3})\b",
        r"refused to .{1,300}?: status (\d{3})\b",
        r"\b([45]\d\d) (?:Bad|Unauthorized|Forbidden|Not Found|Method|Conflict|Request|Payload|Content|Too Many)",
        r"\b([45]\d\d) (?:Internal|Service|Gateway|Insufficient|Unsupported|Unprocessable)",
    )
)
_exit_codes: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (r"exit code:?\s*(\d{1,3})\b", r"non-zero code:?\s*(\d{1,3})\b", r"exit status\s*(\d{1,3})\b")
)
_MARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "pushes_without_tag": ("tag is needed when pushing",),
    "in_env_file": (".env: line", ".env: unexpected character", "failed to read env"),
    "loads_index": ("exporting manifest lists", "does not currently support exporting"),
    "blob_unknown": ("blob unknown", "blob_unknown"),
    "host_ended": ("is deprecated and shutting down",),
    "too_many_layers": ("max depth exceeded",),
    "wants_ssh": ("parse ssh", "ssh agent", "ssh forward", "ssh key", "ssh_auth_sock"),
}
_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "builder_trouble": {
        "tls": ("tls data loaded from environment",),
        "exists": ("existing instance for", "no append mode"),
        "entitlement": ("entitlement", "additional privileges requested", "not allowed by build daemon configuration"),
        "absent": (
            "no builder",
            "failed to find driver",
            "no valid drivers found",
            "cannot be used to identify builder",
        ),
    },
    "dependency": {
        "no-check": ("no healthcheck configured",),
        "unhealthy": ("is unhealthy", "not healthy after"),
        "ended": ("exited", "complete successfully"),
    },
    "network": {
        "external-absent": ("declared as external", "external volume", "unable to find network with name"),
        "of-somebody-else": ("has incorrect label",),
        "pools-used-up": ("address pool", "fully subnetted", "pool overlaps"),
        "gone": ("not found",),
    },
    "listener": {
        "address": ("cannot assign requested address",),
        "port": ("bind: address already in use",),
        "group": ("load listeners: group",),
    },
    "shell": {
        "pwsh": ("pwsh",),
        "bash": ("/bin/bash", "no installed distributions"),
    },
}


async def look(scene: Scene) -> Seen:
    sighting, log = Sighting("message"), without_colours(scene.aim.log[:_MOST])
    if log:
        _see_whether_it_names_an_image(scene.aim.reference, sighting)
        _see_name(log, sighting)
        _see_numbers(log, sighting)
        _see_marks(small(squeezed(log)), sighting)
    return sighting.done()


def _see_whether_it_names_an_image(reference: Reference | None, sighting: Sighting) -> None:
    english = "The message does not name the image." if reference is None else f"The message is about {reference}."
    korean = "메시지에 이미지 이름이 없습니다." if reference is None else f"메시지는 {reference}에 대한 것입니다."
    sighting.saw("names_image", reference is not None, english, korean)


def _see_name(log: str, sighting: Sighting) -> None:
    found = flaw_in(log)
    if found is not None:
        shown = without_secrets(found[0][:100])
        sighting.saw(
            "image_name",
            found[1],
            f"The message quotes the name “{shown}”.",
            f"메시지의 이미지 이름은 “{shown}”입니다.",
        )


def _see_numbers(log: str, sighting: Sighting) -> None:
    if status := _first(_statuses, log):
        sighting.saw(
            "status", status, f"The status in the message is {status}.", f"메시지의 상태 코드는 {status}입니다."
        )
    if (code := _first(_exit_codes, log)) is not None:
        sighting.saw(
            "exit_code", code, f"The exit code in the message is {code}.", f"메시지의 종료 코드는 {code}입니다."
        )


def _first(forms: tuple[re.Pattern[str], ...], log: str) -> int | None:
    return next((int(found[1]) for form in forms if (found := form.search(log))), None)


def _see_marks(tight: str, sighting: Sighting) -> None:
    for fact, marks in _MARKS.items():
        mark = _first_mark(tight, marks)
        sighting.saw(fact, bool(mark), *(_said_of(mark) if mark else _said_of_none(marks)))
    for fact, words in _WORDS.items():
        found = ((word, mark) for word, marks in words.items() if (mark := _first_mark(tight, marks)))
        if word_and_mark := next(found, None):
            word, mark = word_and_mark
            sighting.saw(fact, word, *_said_of(mark))


def _first_mark(tight: str, marks: tuple[str, ...]) -> str:
    return next((mark for mark in marks if small(squeezed(mark)) in tight), "")


def _said_of_none(marks: tuple[str, ...]) -> tuple[str, str]:
    named = ", ".join(f"“{mark}”" for mark in marks)
    return f"The message has none of the words {named}.", f"메시지에 {named} 문구가 없습니다."


def _said_of(mark: str) -> tuple[str, str]:
    return (f"The message has the words “{mark}”.", f"메시지에 “{mark}”라는 문구가 있습니다.") if mark else ("", "")
