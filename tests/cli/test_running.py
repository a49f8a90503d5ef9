import asyncio
import signal
import subprocess
import sys
import time

import click
import pytest

from wharf.cli.running import run_to_end

# A piece of work that says when it has begun and when it tidied up; in a thread it waits for what never comes.
WAITING = """
import asyncio, sys, threading
from wharf.cli.main import main
from wharf.cli.running import run_to_end
import click

async def wait():
    print("begun", flush=True)
    try:
        await {waiting}
    finally:
        print("tidied up", flush=True)

sys.exit(main(["--json"], command=click.Command("verb", callback=lambda **_: run_to_end(wait(), {patience}),
                                                params=[click.Option(["--json"], is_flag=True)])))
"""
IN_THE_LOOP = "asyncio.sleep(60)"
IN_A_THREAD = "asyncio.to_thread(threading.Event().wait, 60)"


async def answer() -> int:
    return await asyncio.to_thread(lambda: 42)


async def fail() -> None:
    raise ValueError("a mistake")


async def stop() -> None:
    task = asyncio.current_task()
    assert task
    task.cancel()
    await asyncio.sleep(0)


def test_work_gives_its_result() -> None:
    assert run_to_end(answer()) == 42


def test_an_error_comes_through() -> None:
    with pytest.raises(ValueError, match="a mistake"):
        run_to_end(fail())


def test_signals_are_as_they_were_before() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    run_to_end(answer())
    assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


@pytest.mark.parametrize(
    ("waiting", "patience"),
    [
        pytest.param(IN_THE_LOOP, 60, id="in the loop"),
        # What it tidies up takes no time; the thread is left behind when the patience ends.
        pytest.param(IN_A_THREAD, 4, id="in a thread", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_told_to_stop_tidies_up_and_is_gone_soon(waiting: str, patience: float, number: signal.Signals) -> None:
    script = WAITING.format(waiting=waiting, patience=patience)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        told = time.monotonic()
        process.send_signal(number)
        said = process.stdout.read().splitlines()
        assert process.wait() == 130
        assert time.monotonic() - told < 30  # however busy the machine: it waits for a minute
    assert said[0] == "tidied up"
    assert '"code": "interrupted"' in said[1]


def test_who_is_cancelled_from_within_was_interrupted_too() -> None:
    with pytest.raises(click.Abort):
        run_to_end(stop())
