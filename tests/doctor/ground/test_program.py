import asyncio
import time
from dataclasses import replace
from pathlib import Path

from tests.doctor.probes.ground import programs_in, scene_in
from wharf.doctor.ground.program import asked, found


def test_it_gets_its_arguments_and_what_is_given(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, PATH=programs_in(tmp_path, echoing='echo "$1-$2-$MORE"; cat'))
    outcome = asyncio.run(asked(scene, "echoing", "a", "b", given="c", more={"MORE": "d"}))
    assert outcome is not None
    assert (0, b"a-b-d\nc") == (outcome.code, outcome.out)


def test_one_that_hangs_is_ended(tmp_path: Path) -> None:
    scene = replace(scene_in(tmp_path, PATH=programs_in(tmp_path, hanging="exec sleep 60")), patience=0.2)
    begun = time.monotonic()
    outcome = asyncio.run(asked(scene, "hanging"))
    assert outcome is not None
    assert (None, True) == (outcome.code, time.monotonic() - begun < 30)


def test_one_that_is_not_there_or_cannot_run_is_none(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, PATH=programs_in(tmp_path))
    (tmp_path / "foreign").write_bytes(b"\x7fELF")
    (tmp_path / "foreign").chmod(0o755)
    assert (None, None) == (asyncio.run(asked(scene, "nothing")), asyncio.run(asked(scene, "foreign")))
    assert found(scene, "nothing") is None
