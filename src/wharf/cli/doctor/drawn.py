"""The picture of the way in a terminal: the lanes that break, or else the one that is gone most often."""

from collections.abc import Iterator
from typing import Final

from wharf.cli.doctor.words import MORE_TAGS
from wharf.cli.output import shortened, width_of
from wharf.doctor.language import Language
from wharf.doctor.picture.picture import Berth, Lane, Picture, State, Stop

Part = tuple[str, str]
"""A text and its colour."""
_WIDTH: Final = 80
_MOST_LANES: Final = 2
_MOST_BERTHS: Final = 3
_MOST_STOPS: Final = 6
_LONGEST_TAG: Final = 44
_COLOURS: Final = {
    State.MET: "green",
    State.UNUSED: "dim",
    State.PERHAPS: "yellow",
    State.INSTEAD: "yellow",
    State.BROKEN: "red",
}
_MARKS: Final = {State.MET: "●", State.UNUSED: "○", State.PERHAPS: "?", State.INSTEAD: "↪", State.BROKEN: "✕"}
_LINES: Final = {
    State.MET: "◂────",
    State.UNUSED: "",
    State.PERHAPS: "◂─?──",
    State.INSTEAD: "◂─ ─ ",
    State.BROKEN: "◂─✕──",
}


def drawing(picture: Picture, language: Language) -> Iterator[list[Part]]:
    """Line by line."""
    for lane in _chosen(picture):
        yield from _heading(lane, language)
        berths, left_out = _first(lane)
        for berth in berths:
            yield from _berth(berth, language)
        if left_out:
            yield [(f"  ─▸ … {MORE_TAGS.in_(language).format(left_out)}", "dim")]


def _chosen(picture: Picture) -> list[Lane]:
    """A break that shows in several lanes is drawn once."""
    broken: dict[object, Lane] = {}
    for lane in picture.lanes:
        if lane.is_broken:
            places = [stop.asked_at for berth in lane.berths for stop in berth.stops if stop.state is State.BROKEN]
            broken.setdefault(tuple(places), lane)
    return list(broken.values())[:_MOST_LANES] or list(picture.lanes[:1])


def _heading(lane: Lane, language: Language) -> Iterator[list[Part]]:
    words = " ".join(filter(None, (lane.event.in_(language), lane.commit)))
    jobs = [f"{file.rpartition('/')[2]} › {job}" for file, job in lane.jobs]
    more = f" +{len(jobs) - 1}" if len(jobs) > 1 else ""
    way = f"{words} ─▸ {jobs[0]}{more}" if jobs else words
    yield [(shortened(way, _WIDTH), "bold")]


def _first(lane: Lane) -> tuple[list[Berth], int]:
    """Repositories where it breaks before those where it does not."""
    broken = [berth for berth in lane.berths if any(stop.state is State.BROKEN for stop in berth.stops)]
    shown = [*broken, *(berth for berth in lane.berths if berth not in broken)][:_MOST_BERTHS]
    return shown, len(lane.berths) - len(shown)


def _berth(berth: Berth, language: Language) -> Iterator[list[Part]]:
    stops, left_out = _fitting(berth.stops)
    width = min(max((width_of(stop.tag) for stop in stops), default=0), _LONGEST_TAG)
    yield [(f"  ─▸ {shortened(berth.name, _WIDTH - 6)}", "")]
    for stop in stops:
        yield _stop(stop, width)
    if left_out:
        yield [(f"     … {MORE_TAGS.in_(language).format(left_out)}", "dim")]


def _fitting(stops: tuple[Stop, ...]) -> tuple[list[Stop], int]:
    """Those that somebody asks for before those that nobody does, in their order."""
    asked = [stop for stop in stops if stop.asked_at]
    others = [stop for stop in stops if not stop.asked_at]
    kept = {*asked[:_MOST_STOPS], *others[: max(_MOST_STOPS - len(asked), 0)]}
    return [stop for stop in stops if stop in kept], len(stops) - len(kept)


def _stop(stop: Stop, width: int) -> list[Part]:
    colour = _COLOURS[stop.state]
    tag = _in_the_middle(stop.tag, width)
    parts = [(f"     {_MARKS[stop.state]} ", colour), (tag, colour)]
    if stop.asked_at:
        place = f"{stop.asked_at[0].file}:{stop.asked_at[0].line}"
        more = f" +{len(stop.asked_at) - 1}" if len(stop.asked_at) > 1 else ""
        line = f"{' ' * (width - width_of(tag))}  {_LINES[stop.state]} "
        room = _WIDTH - 7 - width - width_of(line.lstrip()) - 2 - len(more)
        parts += [(line, colour), (_ending(place, room) + more, "")]
    return parts


def _in_the_middle(text: str, width: int) -> str:
    """Of a commit, the first digits are known by heart, and the last ones tell how long it is."""
    if width_of(text) <= width:
        return text
    half = (width - 1) // 2
    return f"{shortened(text, width - half - 1).rstrip('…')}…{text[-half:]}"


def _ending(text: str, width: int) -> str:
    return text if width_of(text) <= width else f"…{text[-max(width - 1, 1) :]}"
