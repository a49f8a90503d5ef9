"""The picture of the way as SVG: four columns from the source to the deployment, and in red where it breaks."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Final
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from wharf.doctor.language import Language, Words
from wharf.doctor.picture.picture import Berth, Lane, Picture, State, Stop

_WIDTH: Final = 1280
_MARGIN: Final = 20
_LINE: Final = 24
_GAP: Final = 28
_HEAD: Final = 64
_COLUMN: Final = 7.9
"""The width of a Latin letter, in the units of the drawing."""
_MOST_STOPS: Final = 40
_SOURCE: Final = (20, 170)
_CI: Final = (240, 260)
_TAGS: Final = (545, 370)
_ASKED: Final = (985, 280)
_COLOURS: Final = {
    State.MET: "#1a7f37",
    State.UNUSED: "#6e7781",
    State.PERHAPS: "#9a6700",
    State.INSTEAD: "#9a6700",
    State.BROKEN: "#cf222e",
}
_MARKS: Final = {State.MET: "●", State.UNUSED: "○", State.PERHAPS: "?", State.INSTEAD: "↪", State.BROKEN: "✕"}
_HEADINGS: Final = (
    (_SOURCE, Words("source", "소스")),
    (_CI, Words("CI", "CI")),
    (_TAGS, Words("tags in the registry", "레지스트리의 태그")),
    (_ASKED, Words("deployment", "배포")),
)
_TITLE: Final = Words("The way of the images", "이미지가 가는 길")
_KEY: Final = (
    (State.MET, Words("pushed and asked for", "올리고 찾음")),
    (State.UNUSED, Words("pushed, not asked for", "올리지만 찾지 않음")),
    (State.PERHAPS, Words("cannot be decided", "정할 수 없음")),
    (State.INSTEAD, Words("taken instead", "대신 쓰임")),
    (State.BROKEN, Words("asked for, not there", "찾지만 없음")),
)
_STYLE: Final = (
    "text{font:13px ui-monospace,'DejaVu Sans Mono','Noto Sans Mono CJK KR','Noto Sans CJK KR',monospace;fill:#1f2328}"
    ".h{font-weight:bold;fill:#57606a}.s{fill:#57606a;font-size:12px}"
    "rect{fill:#f6f8fa;stroke:#d0d7de;rx:6}path{fill:none;stroke-width:1.5}"
)


def svg_of(picture: Picture, language: Language) -> str:
    """One document. It holds no script and no link, and whatever was read stands in it as text."""
    heights = [_height(lane) for lane in picture.lanes]
    tops = list(accumulate((height + _GAP for height in heights), initial=_HEAD))
    height = tops[-1] + _LINE + _MARGIN
    parts = [part for lane, top in zip(picture.lanes, tops, strict=False) for part in _lane(lane, top, language)]
    title = _said(_TITLE, language)
    return "\n".join(
        (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
                f'height="{height}" role="img" aria-label={quoteattr(title)}>'
            ),
            f"<title>{escape(title)}</title><style>{_STYLE}</style>",
            f'<path d="M0 0H{_WIDTH}V{height}H0Z" style="fill:#fff"/>',
            *(_text(column[0], 36, _said(words, language), column[1], "h") for column, words in _HEADINGS),
            *parts,
            *_key(height - _MARGIN, language),
            "</svg>\n",
        )
    )


def _height(lane: Lane) -> int:
    """Room for each repository's name and tags, and for the jobs."""
    rows = sum(1 + min(len(berth.stops), _MOST_STOPS) for berth in lane.berths)
    return max(rows, 2 * len(lane.jobs), 2) * _LINE + 12


def _lane(lane: Lane, top: int, language: Language) -> Iterator[str]:
    height = _height(lane)
    yield from _box(_SOURCE, top, 2 * _LINE + 8)
    yield _text(_SOURCE[0] + 10, top + 20, _said(lane.event, language), _SOURCE[1] - 20)
    yield _text(_SOURCE[0] + 10, top + 42, lane.commit, _SOURCE[1] - 20, "s")
    if lane.jobs:
        yield from _box(_CI, top, 2 * _LINE * len(lane.jobs) + 8)
        yield _arrow(sum(_SOURCE), top + 28, _CI[0], top + 28, _COLOURS[State.UNUSED])
    for at, (file, job) in enumerate(lane.jobs):
        yield _text(_CI[0] + 10, top + 20 + 2 * _LINE * at, job, _CI[1] - 20)
        yield _text(_CI[0] + 10, top + 42 + 2 * _LINE * at, file, _CI[1] - 20, "s")
    yield from _box(_TAGS, top, height)
    row = top
    for berth in lane.berths:
        yield from _berth(berth, row, top + 28, lane)
        row += (1 + min(len(berth.stops), _MOST_STOPS)) * _LINE


def _berth(berth: Berth, top: int, ci: int, lane: Lane) -> Iterator[str]:
    yield _text(_TAGS[0] + 10, top + 20, berth.name, _TAGS[1] - 20, "h")
    for at, stop in enumerate(berth.stops[:_MOST_STOPS], 1):
        middle = top + at * _LINE + 15
        yield from _stop(stop, middle)
        if stop.is_pushed and lane.jobs:
            yield _arrow(sum(_CI), ci, _TAGS[0] + 6, middle, _COLOURS[State.UNUSED])


def _stop(stop: Stop, middle: int) -> Iterator[str]:
    colour = _COLOURS[stop.state]
    text = f"{_MARKS[stop.state]} {stop.tag}"
    yield _text(_TAGS[0] + 14, middle + 5, text, _TAGS[1] - 24, colour=colour)
    if not stop.asked_at:
        return
    more = f" +{len(stop.asked_at) - 1}" if len(stop.asked_at) > 1 else ""
    place = stop.asked_at[0]
    yield _text(_ASKED[0] + 10, middle + 5, f"{place.file}:{place.line}{more}", _ASKED[1] - 10, colour=colour)
    dashed = stop.state is not State.MET
    yield _arrow(_ASKED[0], middle, sum(_TAGS) - 6, middle, colour, dashes="5 4" if dashed else "")
    if stop.state is State.BROKEN:
        yield _cross((_ASKED[0] + sum(_TAGS)) // 2, middle, colour)


def _key(y: int, language: Language) -> Iterator[str]:
    x = float(_SOURCE[0])
    for state, words in _KEY:
        text = f"{_MARKS[state]} {_said(words, language)}"
        yield _text(int(x), y, text, _WIDTH, colour=_COLOURS[state])
        x += (_columns(text) + 4) * _COLUMN


def _box(column: tuple[int, int], top: int, height: int) -> Iterator[str]:
    yield f'<rect x="{column[0]}" y="{top}" width="{column[1]}" height="{height}"/>'


def _arrow(x: int, y: int, to_x: int, to_y: int, colour: str, dashes: str = "") -> str:
    middle = (x + to_x) // 2
    head = 6 if to_x > x else -6
    line = f"M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}"
    tip = f"M{to_x - head} {to_y - 4}L{to_x} {to_y}L{to_x - head} {to_y + 4}"
    style = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{line}" stroke="{colour}"{style}/><path d="{tip}" stroke="{colour}"/>'


def _cross(x: int, y: int, colour: str) -> str:
    return f'<path d="M{x - 6} {y - 6}l12 12m0 -12l-12 12" stroke="{colour}" style="stroke-width:3"/>'


def _text(x: int, y: int, text: str, room: int, kind: str = "", colour: str = "") -> str:
    """What there is no room for is in its title, where the mouse finds it."""
    fitting = _fitting(text, int(room / _COLUMN))
    title = f"<title>{_harmless(text)}</title>" if fitting != text else ""
    style = f' style="fill:{colour}"' if colour else ""
    return f'<text x="{x}" y="{y}" class="{kind}"{style}>{_harmless(fitting)}{title}</text>'


def _fitting(text: str, columns: int) -> str:
    """With its middle left out: of a path and of a commit the ends say most."""
    if _columns(text) <= columns:
        return text
    half = max((columns - 1) // 2, 1)
    ends = list(accumulate(map(_columns, text)))
    start = text[: sum(end <= half for end in ends)]
    last = text[len(text) - sum(ends[-1] - end < half for end in ends) :]
    return f"{start}…{last}"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _harmless(text: str) -> str:
    return escape("".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text))


def _said(words: Words, language: Language) -> str:
    return words.in_(language)
