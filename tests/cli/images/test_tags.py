import pytest

from tests.cli.harbour import Harbour
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_CONFIG
from wharf.testing.random_image import RandomImage, image_manifest, random_image, random_index


@pytest.fixture
def tagged(harbour: Harbour) -> Harbour:
    harbour.put_new(1, "1.9", "latest")
    harbour.put_new(2, "1.10")
    harbour.put_new(3, "1.10-rc1")
    return harbour


def names(harbour: Harbour, *flags: str) -> list[str]:
    return [str(tag["name"]) for tag in harbour.wharf_json("tags", harbour.at(), *flags)["tags"]]


def test_tags_stand_in_the_order_that_people_expect(tagged: Harbour) -> None:
    outcome = tagged.wharf("tags", tagged.at(), "--names")
    assert (0, "1.9\n1.10-rc1\n1.10\nlatest\n", "") == (outcome.code, outcome.out, outcome.err)


def test_each_tag_comes_with_digest_age_and_size(tagged: Harbour) -> None:
    lines = [line.split() for line in tagged.wharf("tags", tagged.at()).out.splitlines()]
    assert ["TAG", "DIGEST", "BUILT", "SIZE"] == lines[0]
    assert [12, "ago", "KiB"] == [len(lines[1][1]), lines[1][4], lines[1][6]]
    assert lines[1][1] == lines[4][1]  # latest is 1.9


def test_a_machine_gets_whole_digests_and_moments(tagged: Harbour) -> None:
    document = tagged.wharf_json("tags", tagged.at(), "--limit", "1")
    assert tagged.at() == document["repository"]
    (tag,) = document["tags"]
    assert ["linux/amd64"] == tag["platforms"]
    assert "2024-02-29T12:00:00+00:00" == tag["created"]
    assert len(tag["digest"]) == 71
    assert tag["size"] > 500


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--reverse"], ["latest", "1.10", "1.10-rc1", "1.9"]),
        (["--filter", "1.*"], ["1.9", "1.10-rc1", "1.10"]),
        (["--filter", "*rc*", "--filter", "lat*"], ["1.10-rc1", "latest"]),
        (["--limit", "2"], ["1.9", "1.10-rc1"]),
        (["--newer-than", "2024-03-01"], []),
        (["--newer-than", "2024-02-28"], ["1.9", "1.10-rc1", "1.10", "latest"]),
        (["--sort", "age"], ["1.9", "1.10-rc1", "1.10", "latest"]),
        (["--filter", "nothing"], []),
    ],
)
def test_tags_can_be_chosen_and_turned(tagged: Harbour, flags: list[str], expected: list[str]) -> None:
    assert expected == names(tagged, *flags)


def test_the_largest_comes_first_by_size(harbour: Harbour) -> None:
    harbour.put_new(1, "small")
    harbour.put(random_index(2), "large")
    assert ["large", "small"] == names(harbour, "--sort", "size")


def test_the_platforms_of_an_index_are_told(harbour: Harbour) -> None:
    harbour.put(random_index(1), "both")
    (tag,) = harbour.wharf_json("tags", harbour.at())["tags"]
    assert ["linux/amd64", "linux/arm64/v8"] == tag["platforms"]


def test_of_many_tags_only_the_names_are_shown_unless_more_is_asked_for(harbour: Harbour) -> None:
    harbour.put_new(1, *(f"1.{number}" for number in range(51)))
    outcome = harbour.wharf("tags", harbour.at())
    assert outcome.out.splitlines() == [f"1.{number}" for number in range(51)]
    assert "--details" in outcome.err
    assert "TAG" in harbour.wharf("tags", harbour.at(), "--details").out
    assert "TAG" in harbour.wharf("tags", harbour.at(), "--limit", "3").out


def test_a_repository_that_is_not_there_is_answered_with_the_nearest(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    outcome = harbour.wharf("tags", harbour.at(name=harbour.name[:-1]))
    assert outcome.code == 4
    assert harbour.name in " ".join(outcome.err.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["registry.example/app:1.0"], "a whole repository is meant here: registry.example/app"),
        (["registry.example/App"], "lower case"),
        (["registry.example/app", "--names", "--sort", "age"], "--names asks for names only"),
        (["registry.example/app", "--limit", "0"], "--limit"),
    ],
)
def test_what_cannot_be_read_is_said_before_anything_is_asked(harbour: Harbour, words: list[str], said: str) -> None:
    outcome = harbour.wharf("tags", *words)
    assert outcome.code == 2
    assert said in outcome.err


def test_one_broken_image_does_not_hide_the_others(harbour: Harbour) -> None:
    image = random_image(1, layers=1, layer_size=300)
    nonsense = b"no JSON at all"
    config = Descriptor(OCI_CONFIG, Digest.of(nonsense), len(nonsense))
    broken = RandomImage(image_manifest(config, image.image.layers), {**image.blobs, config.digest: nonsense})
    harbour.put(image, "good")
    harbour.put(broken, "bad")
    bad, good = harbour.wharf_json("tags", harbour.at())["tags"]
    assert "JSON" in bad["flaw"]
    assert "flaw" not in good
    assert 0 == harbour.wharf("tags", harbour.at(), "--sort", "age").code
