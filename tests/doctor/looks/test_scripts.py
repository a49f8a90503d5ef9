from pathlib import Path

from wharf.doctor.checkout import Checkout
from wharf.doctor.folder.folder import Folder
from wharf.doctor.history import History
from wharf.doctor.looks.scripts import scripts, whatever_is_passed
from wharf.formats.files import WrittenFiles


def checkout(**files: str) -> Checkout:
    return Checkout(WrittenFiles({name.replace("__", "/"): content for name, content in files.items()}), History())


def test_scripts_are_known_by_their_ending_or_their_first_line() -> None:
    files = {
        "a.sh": "true\n",
        "bin/b": "#!/usr/bin/env bash\ntrue\n",
        "bin/c": "#!/usr/bin/env python3\n",
        "README": "#!/bin/sh",
        "d.py": "#!/bin/sh\n",
        "gradlew": "#!/bin/sh\n",
    }
    found = Checkout(WrittenFiles(files), History()).once(scripts)
    assert ["README", "a.sh", "bin/b"] == [script.path for script in found]


def test_a_script_is_followed_as_when_nobody_passes_anything() -> None:
    (script,) = checkout(run__deploy="#!/bin/sh\ndocker pull app:${TAG:-latest}\n").once(scripts)
    assert ["docker pull app:latest"] == [" ".join(word.shown for word in ran.words) for ran in script.followed.ran]


def test_what_a_script_does_whatever_is_passed_has_holes() -> None:
    looked_at = checkout(run__deploy="#!/bin/sh\nset -u\ndocker pull app:$TAG\n")
    (script,) = looked_at.once(scripts)
    (ran,) = whatever_is_passed(looked_at, script).ran
    assert "docker pull app:‹TAG›" == " ".join(word.shown for word in ran.words)


def test_a_program_is_no_script_that_cannot_be_read(tmp_path: Path) -> None:
    for name in ("program", "script.sh"):
        (tmp_path / name).write_bytes(b"\x7fELF\x00\x00")
    looked_at = Checkout(Folder(tmp_path), History())
    assert () == looked_at.once(scripts)
    assert ["script.sh"] == [problem.file for problem in looked_at.problems]
