"""Jobs in the order in which they can run. Those that need each other in a circle never run."""

from collections.abc import Iterator, Sequence

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
    ordered = {job.id for job in in_order(jobs)}
    left = {job.id: job for job in jobs if job.id not in ordered}
    while True:
        needed = {need.flat for job in left.values() for need in job.needs}
        inner = {id_: job for id_, job in left.items() if id_ in needed}
        if len(inner) == len(left):
            return tuple(left.values())
        left = inner
