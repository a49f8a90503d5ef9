"""A restart with a full house: from the start of the process to the first manifest that is served."""

from collections.abc import Iterator

from bench.conditions import Conditions
from bench.contestants import wharf, wharf_launch
from bench.measure import Bench, Figure, at_most
from bench.seeding import repository_name
from bench.servers import running
from bench.stores import large_store

STARTS = 5


def run(conditions: Conditions) -> Iterator[Figure]:
    launch, command = wharf(conditions), conditions.wharf_command
    if launch is None or command is None:
        return
    folder = large_store(conditions, launch)
    first = f"/v2/{repository_name(conditions.sizes.repositories // 2)}/manifests/latest"
    for _ in range(STARTS):
        with running(wharf_launch(command, folder, first)) as server:
            yield Figure("s", server.started_in)


BENCHES = (
    Bench(
        "start",
        "start to first 200 (a manifest GET), store of 10,000 repositories",
        "",
        "asked every 5 ms",
        at_most(1.5, "s"),
        run,
    ),
)
