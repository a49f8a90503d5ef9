"""How two images differ."""

import asyncio

import pytest

from tests.images.places import V1, Place, holding
from tests.images.tars import file, folder, image_of, tar_of
from wharf.errors import MalformedArchive
from wharf.images.compare import Change, Difference, PackageChange, Side, changed_packages, compare
from wharf.images.field_changes import FieldChange, changed_fields
from wharf.images.packages import Package
from wharf.testing.random_image import LINUX_AMD64, RandomImage, random_image, random_index, random_referrer

BOTTOM = tar_of(folder("etc"), file("etc/a", b"1"), file("etc/b", b"1"), file("etc/c", b"1"))
BASE = b"Package: bash\nStatus: install ok installed\nVersion: 5.1\n\nPackage: old\nStatus: install ok installed\n"
NEWER = b"Package: bash\nStatus: install ok installed\nVersion: 5.2\n\nPackage: new\nStatus: install ok installed\n"


def difference(left: RandomImage, right: RandomImage, *, looks_into_layers: bool = True) -> Difference:
    sides = [Side(holding(image), V1, platform=LINUX_AMD64) for image in (left, right)]
    return asyncio.run(compare(*sides, looks_into_layers=looks_into_layers))


def test_an_image_does_not_differ_from_itself() -> None:
    found = difference(random_image(1), random_image(1))
    assert (True, (), (), (), ()) == (found.is_none, found.manifest, found.config, found.files, found.packages)


def test_files_are_added_removed_and_changed() -> None:
    top = tar_of(file("etc/a", b"22"), file("etc/.wh.b"), file("etc/d", b"4444"))
    found = difference(image_of(BOTTOM), image_of(BOTTOM, top)).files
    assert found is not None
    assert [("etc/a", Change.CHANGED, 1), ("etc/b", Change.REMOVED, -1), ("etc/d", Change.ADDED, 4)] == [
        (each.path, each.change, each.growth) for each in found
    ]


def test_the_same_files_in_other_layers_do_not_differ() -> None:
    found = difference(image_of(BOTTOM, tar_of(file("x"))), image_of(tar_of(file("x")), BOTTOM))
    assert ((), False) == (found.files, found.is_none)


@pytest.mark.parametrize("changed", [file("a", b"2"), file("a", b"1", mode=0o755), folder("a")])
def test_content_mode_and_kind_make_a_difference(changed: object) -> None:
    found = difference(image_of(tar_of(file("a", b"1"))), image_of(tar_of(changed))).files  # type: ignore[arg-type]
    assert found is not None
    assert [Change.CHANGED] == [each.change for each in found]


def test_layers_are_shared_removed_and_added() -> None:
    other = tar_of(file("x"))
    found = difference(image_of(BOTTOM, other), image_of(BOTTOM, tar_of(file("y")))).layers
    assert (1, 1, 1) == (len(found.shared), len(found.removed), len(found.added))


def test_layers_that_both_have_at_the_bottom_are_read_once() -> None:
    left, right = image_of(BOTTOM), image_of(BOTTOM, tar_of(file("x")))
    second = holding(right)
    asyncio.run(compare(Side(holding(left), V1), Side(second, V1)))
    assert left.image.layers[0].digest not in second.opened


def test_where_all_layers_are_the_same_none_is_read() -> None:
    left = holding(image_of(BOTTOM))
    found = asyncio.run(compare(Side(left, V1), Side(holding(image_of(BOTTOM, changes={"author": "me"})), V1)))
    assert ((), (), 1) == (found.files, found.packages, len(left.opened))


def test_what_configurations_say_is_compared_member_by_member() -> None:
    before = image_of(BOTTOM, changes={"config": {"Env": ["A=1", "B=2"], "Cmd": ["x"]}})
    after = image_of(BOTTOM, changes={"config": {"Env": ["B=3", "A=1"], "Cmd": ["x"], "User": "0"}})
    expected = (FieldChange("config.Env.B", "2", "3"), FieldChange("config.User", None, "0"))
    assert expected == difference(before, after).config


def test_packages_are_compared_by_their_versions() -> None:
    paths = "var/lib/dpkg/status"
    found = difference(image_of(tar_of(file(paths, BASE))), image_of(tar_of(file(paths, NEWER)))).packages
    assert (
        PackageChange("deb", "bash", Change.CHANGED, ("5.1",), ("5.2",)),
        PackageChange("deb", "new", Change.ADDED, (), ("",)),
        PackageChange("deb", "old", Change.REMOVED, ("",), ()),
    ) == found


def test_two_architectures_of_one_package_are_one() -> None:
    both = [Package("deb", "libc6", "2", "amd64"), Package("deb", "libc6", "2", "i386")]
    assert () == changed_packages(both, both[:1])


def test_without_a_look_into_the_layers_none_is_read() -> None:
    left, right = holding(image_of(BOTTOM)), holding(image_of(tar_of(file("x"))))
    found = asyncio.run(compare(Side(left, V1), Side(right, V1), looks_into_layers=False))
    assert (None, None, 1) == (found.files, found.packages, len(left.opened))


def test_of_an_index_the_image_for_one_platform_is_compared() -> None:
    index = random_index(1)
    assert index.children[0].digest == difference(index, random_image(9)).left


def test_artifacts_are_compared_by_manifest_and_layers() -> None:
    image = random_image(1)
    found = difference(random_referrer(image), random_referrer(image, 2))
    assert (None, ["annotations.org.example.number"]) == (found.files, [each.where for each in found.manifest])


def test_a_layer_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(MalformedArchive):
        difference(image_of(BOTTOM), image_of(BOTTOM[:1500]))


def test_of_two_images_the_one_that_cannot_be_read_is_named() -> None:
    broken = image_of(b"this is no tar file" * 100)
    sides = [Side(holding(image), V1, called=name) for image, name in ((image_of(BOTTOM), "good"), (broken, "bad"))]
    with pytest.raises(MalformedArchive) as caught:
        asyncio.run(compare(*sides))
    assert "while reading bad" in caught.value.diagnostics().evidence


def test_what_has_no_configuration_at_all_has_no_field_without_a_name() -> None:
    assert "" not in {change.where for change in changed_fields({"os": "linux"}, {})}


def test_a_side_that_is_not_there_is_an_error() -> None:
    with pytest.raises(Exception, match="memory"):
        asyncio.run(compare(Side(Place(), V1), Side(Place(), V1)))


def test_members_that_are_looked_at_elsewhere_are_left_out() -> None:
    assert () == changed_fields({"a": {"b": 1}, "ab": 1}, {"a": {"b": 2}, "ab": 1}, ["a"])
