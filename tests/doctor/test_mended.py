from collections.abc import Iterable

from tests.doctor.findings import CI, TREE, finding, fix, found
from wharf.doctor.examine import Found
from wharf.doctor.mended import Patched, mended, safe_fix_of
from wharf.formats.files import Files, WrittenFiles
from wharf.formats.span import Span

FILES = WrittenFiles(TREE)


def nothing_more(_: Files) -> Iterable[Found]:
    return ()


def test_what_is_safe_is_mended() -> None:
    outcome = mended(FILES, [found(finding(fixes=(fix(),)))], nothing_more)

    assert [(CI, "tags: |\n  type=sha,format=long,prefix=\n")] == [(each.path, each.after) for each in outcome.changes]
    assert "format=long" in outcome.files.read(CI).flat


def test_what_is_not_safe_waits_for_a_person() -> None:
    assert None is safe_fix_of(found(finding(fixes=(fix(safe=False),))))
    assert () == mended(FILES, [found(finding(fixes=(fix(safe=False),)))], nothing_more).changes


def test_it_is_looked_again_until_nothing_is_left() -> None:
    def still_short(files: Files) -> Iterable[Found]:
        if "b" not in files.read(CI).flat:
            yield found(finding(fixes=(fix("b", span=Span(CI, 2, 3, 2, 4)),)))

    (change,) = mended(FILES, [found(finding(fixes=(fix("a"),)))], still_short).changes

    assert (TREE[CI], "tags: |\n  b\n") == (change.before, change.after)


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    def other_way_round(files: Files) -> Iterable[Found]:
        other = "type=sha" if "  x\n" in files.read(CI).flat else "x"
        line = files.read(CI).flat.split("\n")[1]
        yield found(finding(fixes=(fix(other, span=Span(CI, 2, 3, 2, 1 + len(line))),)))

    assert len(mended(FILES, [found(finding(fixes=(fix("x"),)))], other_way_round).changes) <= 1


def test_files_that_were_changed_are_read_as_they_will_be() -> None:
    patched = Patched(FILES, {"new": "a"})

    assert {*TREE, "new"} == set(patched.paths())
    assert ("a", TREE[CI]) == (patched.read("new").flat, patched.read(CI).flat)
