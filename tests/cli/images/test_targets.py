import pytest

from wharf.cli.images.targets import parse_target, targets_for
from wharf.errors import MalformedPlace
from wharf.images.place import parse_place
from wharf.images.ref_name import RefName
from wharf.oci.reference import Reference, Tag

DIGEST = "sha256:" + "a" * 64


def settled(target: str, *sources: str, known: str = "") -> list[str]:
    """`known`: a tag that only the source itself could tell."""
    places = [parse_place(source) for source in sources]
    return [
        str(place) for place in targets_for([(place, tag_of(place, known)) for place in places], parse_target(target))
    ]


def tag_of(place: object, known: str) -> Tag | None:
    reference = getattr(place, "reference", None)
    which = getattr(place, "which", None)
    if isinstance(reference, Reference):
        return reference.tag
    if isinstance(which, RefName):
        return which.tag
    return which if isinstance(which, Tag) else Tag(known) if known else None


@pytest.mark.parametrize(
    ("target", "source", "expected"),
    [
        ("reg.example/b:2", "reg.example/a:1", "reg.example/b:2"),
        ("reg.example/b", "reg.example/a:1", "reg.example/b:1"),
        ("reg.example/b", f"reg.example/a@{DIGEST}", "reg.example/b"),
        ("reg.example/b", "oci:images:1", "reg.example/b:1"),
        ("reg.example/b", "oci:images", "reg.example/b:latest"),
        ("reg.example/b", "docker-archive:a.tar", "reg.example/b:latest"),
        ("reg.example/b", "docker-daemon:a:1", "reg.example/b:1"),
        ("reg.example/shelf/", "reg.example/team/a:1", "reg.example/shelf/a:1"),
        ("reg.example/shelf/", "oci:images:1", "reg.example/shelf/images:1"),
        ("reg.example/shelf/", "docker-archive:some/app.tar", "reg.example/shelf/app:latest"),
        ("reg.example/shelf/", f"docker-daemon:{DIGEST}", "reg.example/shelf/aaaaaaaaaaaa:latest"),
        ("reg.example/b", f"docker-daemon:{DIGEST}", "reg.example/b:latest"),
        ("reg.example/b", "oci:images:localhost/app:1", "reg.example/b:1"),
        ("reg.example/b", "oci:images:v1+2", "reg.example/b:latest"),
        ("oci:all", "oci:images:localhost/app:1", "oci:all:1"),
        ("oci:images:localhost/app:1", "reg.example/a:2", "oci:images:localhost/app:1"),
        ("docker-archive:a.tar", f"docker-daemon:{DIGEST}", "docker-archive:a.tar"),
        ("oci:images", "reg.example/a:1", "oci:images:1"),
        ("oci:images/", "reg.example/a:1", "oci:images:1"),
        ("oci:images:2", "reg.example/a:1", "oci:images:2"),
        ("oci:images", f"reg.example/a@{DIGEST}", "oci:images"),
        ("docker-archive:a.tar", "reg.example/a:1", "docker-archive:a.tar:reg.example/a:1"),
        ("docker-archive:a.tar", f"reg.example/a@{DIGEST}", "docker-archive:a.tar"),
        ("docker-archive:a.tar:app:2", "reg.example/a:1", "docker-archive:a.tar:docker.io/library/app:2"),
        ("docker-daemon:app:2", "reg.example/a:1", "docker-daemon:docker.io/library/app:2"),
    ],
)
def test_an_image_keeps_its_name_where_the_target_gives_none(target: str, source: str, expected: str) -> None:
    assert [expected] == settled(target, source)


def test_a_tag_that_only_the_source_knows_counts_too() -> None:
    assert ["reg.example/b:7"] == settled("reg.example/b", "oci:images", known="7")


def test_several_images_keep_their_tags() -> None:
    assert ["oci:all:1", "oci:all:2"] == settled("oci:all", "reg.example/a:1", "reg.example/b:2")


def test_several_images_get_a_repository_each() -> None:
    assert ["m.example/x/a:1", "m.example/x/b:1"] == settled("m.example/x/", "reg.example/a:1", "reg.example/b:1")


@pytest.mark.parametrize("target", ["m.example/x", "oci:all"])
def test_two_images_do_not_take_each_others_name(target: str) -> None:
    with pytest.raises(MalformedPlace, match="same name"):
        settled(target, "reg.example/a:1", "reg.example/b:1")


@pytest.mark.parametrize("target", ["m.example/x:1", "oci:all:1", "docker-archive:a.tar:app:1", "docker-daemon:app:1"])
def test_several_images_do_not_go_under_one_name(target: str) -> None:
    with pytest.raises(MalformedPlace, match="cannot have one name"):
        settled(target, "reg.example/a:1", "reg.example/b:2")


@pytest.mark.parametrize("target", [f"m.example/x@{DIGEST}", f"oci:all@{DIGEST}"])
def test_a_target_has_no_digest(target: str) -> None:
    with pytest.raises(MalformedPlace, match="the content has it"):
        parse_target(target)


@pytest.mark.parametrize("target", [f"docker-daemon:{DIGEST}", "oci:images:v1+2", f"oci:images@{DIGEST}"])
def test_what_cannot_be_written_under_such_a_name_is_refused(target: str) -> None:
    with pytest.raises(MalformedPlace):
        parse_target(target)
