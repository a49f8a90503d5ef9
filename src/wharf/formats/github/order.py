"""Jobs in the order in which they can run. Those that need each other in a circle never run."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from wharf.formats.github.workflow import Job


def in_order(jobs: Sequence[Job]) -> Iterator[Job]:
    """Without those in circles and those after them; needs that name no job are as if they were not written."""
    waiting = {job.id: job for job in jobs}
    needs = {job.id: {need.flat for need in job.needs if need.flat in waiting} for job in jobs}
    wanted_by: dict[str, list[str]] = {}
    for id_, names in needs.items():
        for name in names:
            wanted_by.setdefault(name, []).append(id_)
    ready = [id_ for id_, names in needs.items() if not names]
    while ready:
        following: list[str] = []
        for id_ in ready:
            yield waiting[id_]
            following += _freed(id_, wanted_by, needs)
        ready = following


def _freed(id_: str, wanted_by: dict[str, list[str]], needs: dict[str, set[str]]) -> Iterator[str]:
    for other in wanted_by.get(id_, ()):
        needs[other].discard(id_)
        if not needs[other]:
            yield other


def in_circles(jobs: Sequence[Job]) -> tuple[Job, ...]:
    """Jobs that need themselves, by way of others or not; without those that only come after a circle."""
    inside = circling({job.id: {need.flat for need in job.needs} for job in jobs})
    return tuple(job for job in jobs if job.id in inside)


def circling(leads_to: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Names from which one comes back to them, and those on the way from one circle to another."""
    ahead = {name: {other for other in others if other in leads_to} for name, others in leads_to.items()}
    return frozenset(_without_ends(_turned(_without_ends(ahead))))


_Ways = dict[str, set[str]]


def _without_ends(ways: _Ways) -> _Ways:
    """Without names that lead nowhere, and then without those that lead to such ones only."""
    left = {name: set(others) for name, others in ways.items()}
    back = _turned(ways)
    ends = [name for name, others in left.items() if not others]
    while ends:
        end = ends.pop()
        del left[end]
        for name in back[end]:
            left[name].discard(end)
            if not left[name]:
                ends.append(name)
    return left


def _turned(ways: _Ways) -> _Ways:
    back: _Ways = {name: set() for name in ways}
    for name, others in ways.items():
        for other in others:
            back[other].add(name)
    return back
