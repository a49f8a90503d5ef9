"""A repository of two thousand files and sixty workflows, looked at without a registry: what everybody waits for."""

from collections.abc import Iterator

from bench.checkouts import write_checkout
from bench.commands import seconds_of
from bench.conditions import Conditions
from bench.measure import Bench, Figure, at_most

ROUNDS = 5


def run(conditions: Conditions) -> Iterator[Figure]:
    if conditions.wharf_command is None:
        return
    with conditions.folder("doctor") as folder:
        home, root = folder / "home", folder / "checkout"
        home.mkdir()
        root.mkdir()
        write_checkout(root)
        looking = (*conditions.wharf_command, "doctor", "--offline", "--repository", "acme/services", str(root))
        for _ in range(ROUNDS):
            yield Figure("s", seconds_of(looking, home))


BENCHES = (
    Bench(
        "doctor",
        "wharf doctor, 2,000 files and 60 workflows",
        "",
        "one whole command, offline",
        at_most(2.0, "s"),
        run,
    ),
)
