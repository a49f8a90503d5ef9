"""Outside things are arguments, so tests need not reach into modules to replace them: few patches, counted."""

import re

from tests.house.sources import ROOT, modules

PATCHES_IN_A_HUNDRED_TESTS = 3
_PATCH = re.compile(r"\bmock\.patch|\bpatch\(|\bpatch\.object|monkeypatch\.set(?:attr|item)")
_TEST = re.compile(r"^\s*(?:async )?def test_", re.MULTILINE)


def test_patches_are_rare() -> None:
    texts = [module.text for module in modules(ROOT / "tests") if module.path.name != "test_patches.py"]
    patches = sum(len(_PATCH.findall(text)) for text in texts)
    tests = sum(len(_TEST.findall(text)) for text in texts)
    assert patches * 100 <= PATCHES_IN_A_HUNDRED_TESTS * tests
