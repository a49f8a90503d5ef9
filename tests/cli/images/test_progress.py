import re
import time
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import TextIO

import pytest

from tests.cli.stage import Terminal
from wharf.cli.images.progress import Onlooker, onlooker, shown_progress
from wharf.cli.surroundings import Surroundings
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_LAYER_GZIP

LAYER = Descriptor(OCI_LAYER_GZIP, Digest.of(b"layer"), 3 * 1024 * 1024)


def around(err: TextIO, environ: Mapping[str, str] | None = None) -> Surroundings:
    return Surroundings(environ or {}, StringIO(), err, Path())


def transfer(surroundings: Surroundings, arrival: Arrival, *, silent: bool = False) -> None:
    with shown_progress(surroundings, silent=silent) as progress:
        progress.begin(LAYER)
        if arrival is Arrival.SENT:
            progress.advance(LAYER, LAYER.size // 2)
            progress.advance(LAYER, LAYER.size - LAYER.size // 2)
        progress.end(LAYER, arrival)


@pytest.mark.parametrize(
    ("arrival", "words"),
    [
        (Arrival.SENT, "sent"),
        (Arrival.MOUNTED, "linked by the registry"),
        (Arrival.PRESENT, "is there already"),
    ],
)
def test_a_log_gets_one_line_for_each_layer(arrival: Arrival, words: str) -> None:
    err = StringIO()
    transfer(around(err), arrival)
    assert err.getvalue() == f"{LAYER.digest.hex[:12]}     3.0 MiB  {words}\n"


def seen_by_a_person(columns: int, *moved: int) -> str:
    """The last thing drawn while these amounts of the layer have moved, without colours."""
    err = Terminal()
    surroundings = around(err, {"TERM": "xterm", "COLUMNS": str(columns)})
    with shown_progress(surroundings, silent=False) as progress:
        for size in moved:
            progress.advance(LAYER, size)
        before, deadline = err.getvalue().count("\r"), time.monotonic() + 60
        while err.getvalue().count("\r") < before + 2 and time.monotonic() < deadline:
            time.sleep(0.02)  # the first drawing may have begun before all had moved
        drawn = without_colours(err.getvalue())
    return drawn.rpartition("\r")[2]


def without_colours(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)


def test_a_person_sees_a_bar_with_amounts_in_one_measure() -> None:
    drawn = seen_by_a_person(80, LAYER.size // 2)
    assert drawn.startswith(LAYER.digest.hex[:12])
    assert " 50% 1.5 MiB of 3.0 MiB" in drawn


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 200])
def test_a_bar_takes_one_line_however_narrow_the_terminal(columns: int) -> None:
    drawn = seen_by_a_person(columns, LAYER.size // 3, LAYER.size // 3)
    assert "\n" not in drawn.strip()
    assert len(drawn.rstrip()) <= columns


def test_what_has_arrived_is_a_line_and_has_no_bar_any_more() -> None:
    err = Terminal()
    transfer(around(err, {"TERM": "xterm", "COLUMNS": "80"}), Arrival.SENT)
    drawn = without_colours(err.getvalue())
    assert f"{LAYER.digest.hex[:12]}     3.0 MiB  sent\n" in drawn
    assert "%" not in drawn.rpartition("sent\n")[2]


def test_a_person_sees_no_bar_for_what_does_not_move() -> None:
    err = Terminal()
    transfer(around(err, {"TERM": "xterm"}), Arrival.PRESENT)
    assert err.getvalue() == ""


@pytest.mark.parametrize("err", [StringIO(), Terminal()])
def test_silence_is_silence(err: StringIO) -> None:
    transfer(around(err), Arrival.SENT, silent=True)
    assert err.getvalue() == ""


def test_a_terminal_that_cannot_move_its_cursor_is_a_log() -> None:
    assert onlooker(around(Terminal(), {"TERM": "dumb"}), silent=False) is Onlooker.LOG


def break_off(surroundings: Surroundings) -> None:
    with shown_progress(surroundings, silent=False) as progress:
        progress.advance(LAYER, 1)
        raise OSError("gone")


def test_what_was_drawn_is_over_when_an_error_comes() -> None:
    err = Terminal()
    with pytest.raises(OSError, match="gone"):
        break_off(around(err))
    assert "\x1b[?25h" in err.getvalue()  # the cursor is there again
