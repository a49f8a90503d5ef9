"""What a run came to, as a table for people: on the terminal, and between the marks in docs/benchmarks.md."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Outcome

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"
HEAD = (
    "| what | load | wharf | peer | value | rounds | bar | |",
    "|---|---|---|---|---|---|---|---|",
)


def line(outcome: Outcome) -> str:
    bench = outcome.bench
    cells = (
        f"{bench.title}<br>`python -m bench {bench.name}`",
        bench.load,
        middle([figure.wharf for figure in outcome.figures], outcome),
        f"{bench.peer} {middle([figure.peer for figure in outcome.figures], outcome)}".strip(),
        outcome.failure or amount(outcome.value, bench.bar.unit),
        spread(outcome.values),
        str(bench.bar),
        outcome.verdict.value,
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def middle(values: Sequence[float | None], outcome: Outcome) -> str:
    known = sorted(value for value in values if value is not None)
    if not known:
        return ""
    return amount(known[len(known) // 2], outcome.figures[0].unit)


def amount(value: float | None, unit: str) -> str:
    return "" if value is None else f"{short(value)} {unit}"


def short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(values: Sequence[float]) -> str:
    return "" if not values else f"{len(values)}: {short(min(values))} to {short(max(values))}"


def table(outcomes: Sequence[Outcome]) -> str:
    return "\n".join((*HEAD, *(line(outcome) for outcome in outcomes)))


def machine() -> str:
    """The machine in one sentence; figures of another one are another table."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores ({processor()}), {memory:.0f} GB of memory, Linux {platform.release().split('-')[0]}"


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (text.partition(":")[2].strip() for text in lines if text.startswith("model name"))
    return next(named, platform.machine())


def page(text: str, outcomes: Sequence[Outcome]) -> str:
    """The page with the new table in the place of the old one."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no place for a table: {BEGIN} … {END}")
    today = datetime.now(UTC).date().isoformat()
    said = f"Measured {today}, durable mode, on {machine()}; load and servers share the cores."
    return f"{before}{BEGIN}\n{said}\n\n{table(outcomes)}\n{END}{after}"
