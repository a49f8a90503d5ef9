import pytest

from wharf.doctor.reach.near_tags import kinds_of, nearest_tag

SHA = "453a6545b97fe240727c378291230abeb793d851"


@pytest.mark.parametrize(
    ("wanted", "tag", "kinds"),
    [
        (SHA, "453a654", {"length"}),
        (SHA, "sha-453a654", {"length", "prefix"}),
        (SHA, f"sha-{SHA}", {"prefix"}),
        ("453a6545", "453a654", {"length"}),
        ("453a654", "453a654-alpine", {"suffix"}),
        ("1.2.3", "v1.2.3", {"v"}),
        ("V1.2.3", "v1.2.3", {"case"}),
        ("Main", "main", {"case"}),
        ("1.2.3", "1.2.3-alpine", {"suffix"}),
        ("staging", "release-staging", {"prefix"}),
        ("lates", "latest", {"spelling"}),
        ("1.2.3", "1.2.4", set()),
        ("latest", "main", set()),
        (SHA, "sha-0123456", set()),
    ],
)
def test_how_two_tags_differ(wanted: str, tag: str, kinds: set[str]) -> None:
    assert kinds == kinds_of(wanted, tag)


def test_the_same_commit_comes_before_what_is_spelled_alike() -> None:
    near = nearest_tag("453a654", ["453b655", "sha-453a6545b97f", "main"])

    assert near is not None
    assert "sha-453a6545b97f" == near.tag


def test_nothing_is_near() -> None:
    assert nearest_tag("latest", ["1.0", "main"]) is None
