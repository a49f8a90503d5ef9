"""`python -m bench [NAME…]`: put wharf and its peers on the scales."""

import argparse
import os
import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.conditions import FULL, QUICK, Conditions, Sizes, lies_in_memory
from bench.measure import Bench, Outcome, Verdict, measure
from bench.report import page, table
from bench.rows import BENCHES

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
TOOLS = ("docker-registry", "nginx", "wrk", "curl", "openssl", "skopeo")
PACKAGES = ("docker-registry", "nginx-light", "wrk", "curl", "openssl", "skopeo")
TOOL_FOLDERS = os.pathsep.join((os.defpath, "/usr/sbin", "/usr/local/bin"))
BUSY = 0.5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure wharf beside its peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows to run, by name or beginning (default: all)")
    parser.add_argument("--list", action="store_true", help="say which rows there are, and run nothing")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that the bench works, judges nothing")
    parser.add_argument("--peers-only", action="store_true", help="measure what has to be beaten, without wharf")
    parser.add_argument("--wharf", default=own_wharf(), help="the command that runs wharf (default: %(default)s)")
    parser.add_argument("--scratch", type=Path, default=Path("/var/tmp"), help="where data may lie (a disk)")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.name} (whole runs always do)")
    return parser.parse_args()


def own_wharf() -> str:
    beside = Path(sys.executable).parent / "wharf"
    return str(beside) if beside.exists() else "wharf"


def chosen(names: Sequence[str]) -> tuple[Bench, ...]:
    unknown = [name for name in names if not any(bench.name.startswith(name) for bench in BENCHES)]
    if unknown:
        raise SystemExit(f"no row is called {', '.join(unknown)}; python -m bench --list names them")
    return tuple(bench for bench in BENCHES if not names or any(bench.name.startswith(name) for name in names))


def refuse_unless_ready(scratch: Path) -> None:
    absent = [tool for tool in TOOLS if shutil.which(tool, path=TOOL_FOLDERS) is None]
    if absent:
        raise SystemExit(f"not installed: {', '.join(absent)}; apt-get install {' '.join(PACKAGES)}")
    if lies_in_memory(scratch):
        raise SystemExit(f"{scratch} lies in memory, where an fsync costs nothing; --scratch names a folder on a disk")
    busy = os.getloadavg()[0]
    if busy > BUSY:
        print(f"the machine is busy (load {busy:.1f}): the figures will be worth less", file=sys.stderr)


def run_all(benches: Sequence[Bench], sizes: Sizes, scratch: Path, command: tuple[str, ...] | None) -> list[Outcome]:
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="wharf-bench-", dir=scratch) as folder:
        conditions = Conditions(sizes, Path(folder), command)
        for bench in benches:
            began = time.monotonic()
            outcome = measure(bench, conditions)
            outcomes.append(outcome)
            taken = time.monotonic() - began
            print(f"{bench.name}: {shown(outcome)} ({taken:.0f} s)", file=sys.stderr, flush=True)
    return outcomes


def shown(outcome: Outcome) -> str:
    value = "-" if outcome.value is None else f"{outcome.value:.3g} {outcome.bench.bar.unit}"
    return f"{outcome.failure or value}, {outcome.verdict.value}"


def main() -> int:
    asked = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that servers and data go too
    if asked.list:
        print("\n".join(f"{bench.name:24} {bench.bar!s:10} {bench.title}" for bench in BENCHES))
        return 0
    refuse_unless_ready(asked.scratch)
    sizes = QUICK if asked.quick else FULL
    command = None if asked.peers_only else tuple(shlex.split(asked.wharf))
    outcomes = run_all(chosen(asked.names), sizes, asked.scratch, command)
    print(table(outcomes))
    if asked.write or (sizes is FULL and command and not asked.names):
        PAGE.write_text(page(PAGE.read_text(), outcomes))
    return int(any(outcome.verdict in {Verdict.MISSED, Verdict.FAILED} for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
