"""Layers laid upon one another: what is added, replaced and taken away."""

import io
import tarfile

import pytest

from tests.images.tars import Entry, file, folder, special, tar_of
from wharf.images.file_tree import FileTree
from wharf.images.layer_files import Kind, nothing_is_kept, read_layer


def tree(*layers: tuple[Entry, ...]) -> FileTree:
    built = FileTree()
    for entries in layers:
        built.lay(read_layer(io.BytesIO(tar_of(*entries)), nothing_is_kept))
    return built


def paths(*layers: tuple[Entry, ...]) -> list[str]:
    return [path for path, _ in tree(*layers).files()]


def test_later_layers_add_and_replace() -> None:
    found = dict(tree((file("a", b"1"), file("b")), (file("a", b"22"), file("c"))).files())
    assert (["a", "b", "c"], 2) == (list(found), found["a"].size)


def test_a_deletion_takes_a_folder_with_all_in_it() -> None:
    assert ["x"] == paths((folder("d"), file("d/a"), file("x")), (file(".wh.d"),))


@pytest.mark.parametrize("order", [1, -1])
def test_a_deletion_spares_what_its_own_layer_put_there(order: int) -> None:
    upper = (folder("d"), file("d/new"), file(".wh.d"))[::order]
    assert ["d", "d/new"] == paths((folder("d"), file("d/old")), upper)


@pytest.mark.parametrize("order", [1, -1])
def test_an_opaque_folder_hides_what_lower_layers_had_in_it(order: int) -> None:
    upper = (folder("d"), file("d/new"), file("d/.wh..wh..opq"))[::order]
    assert ["d", "d/new"] == paths((folder("d"), folder("d/e"), file("d/e/old"), file("d/old")), upper)


def test_a_deletion_of_nothing_does_nothing() -> None:
    assert ["a"] == paths((file("a"),), (file(".wh.b"), file("c/.wh.d"), file("e/.wh..wh..opq")))


def test_internal_names_of_the_storage_are_no_files() -> None:
    assert ["a"] == paths((file("a"), file(".wh..wh.plnk/1"), file(".wh..wh.aufs")))[:1]


def test_a_file_in_the_place_of_a_folder_takes_all_that_was_in_it() -> None:
    assert ["d"] == paths((folder("d"), file("d/a")), (file("d"),))


def test_a_folder_put_again_keeps_what_is_in_it() -> None:
    assert ["d", "d/a"] == paths((folder("d"), file("d/a")), (folder("d"),))


def test_a_hard_link_is_the_file_it_leads_to() -> None:
    found = dict(tree((file("a", b"content"), special("b", tarfile.LNKTYPE, "./a"))).files())
    assert (Kind.FILE, 7, found["a"].digest) == (found["b"].kind, found["b"].size, found["b"].digest)


def test_a_hard_link_to_nothing_stays_one() -> None:
    assert Kind.HARD is dict(tree((special("b", tarfile.LNKTYPE, "a"),)).files())["b"].kind


def test_a_copy_of_a_tree_goes_its_own_way() -> None:
    first = tree((file("a"),))
    second = first.copied()
    second.lay(read_layer(io.BytesIO(tar_of(file(".wh.a"), file("b"))), nothing_is_kept))
    assert (["a"], ["b"]) == ([path for path, _ in first.files()], [path for path, _ in second.files()])
