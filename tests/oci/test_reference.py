"""Names, tags and references: the grammar, Docker's short forms, and errors that help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, read_or_refused, steady
from tests.oci.strategies import digests, names, tags
from wharf.errors import MalformedDigest, MalformedName, MalformedReference, MalformedTag, WharfError
from wharf.oci.digest import Digest
from wharf.oci.reference import Reference, RepositoryName, Tag, parse_tag_or_digest

DIGEST = "sha256:" + "a" * 64


def refused_name(text: str) -> MalformedName:
    with pytest.raises(MalformedName) as caught:
        RepositoryName.parse(text)
    return caught.value


def refused_tag(text: str) -> MalformedTag:
    with pytest.raises(MalformedTag) as caught:
        Tag.parse(text)
    return caught.value


def refused_reference(text: str) -> MalformedReference:
    with pytest.raises(MalformedReference) as caught:
        Reference.parse(text)
    return caught.value


# --- repository names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["a", "0", "team/app", "a/b/c/d", "a.b", "a_b", "a__b", "a-b", "a---b", "blobs/uploads", "tags/list", "a" * 255],
)
def test_a_well_formed_name_is_read_as_it_stands(text: str) -> None:
    assert text == str(RepositoryName.parse(text))


@pytest.mark.parametrize(
    "text",
    ["", "A", "a b", "/a", "a/", "a//b", "a..b", "a___b", "a._b", "-a", "a-", "a/-b", "a_/b", "a:b", "../a", "a/../b",
     "a%2fb", "a\n", "ä", "a\x00", "a\\b", "a@b", "\u0661"],
)  # fmt: skip
def test_an_ill_formed_name_is_refused(text: str) -> None:
    assert text == refused_name(text).text


def test_a_name_may_not_be_longer_than_255_characters() -> None:
    reason = "a repository name has at most 255 characters; this one has 256"
    assert reason == refused_name("a" * 256).reason


def test_capitals_in_a_name_are_answered_with_the_lower_case_form() -> None:
    problem = refused_name("Team/App")
    assert ("a repository name is written in lower case", "character 1", "use team/app") == (
        problem.reason,
        problem.where,
        problem.diagnostics().next_step,
    )


def test_a_name_that_is_wrong_in_lower_case_too_is_not_proposed() -> None:
    assert "use a-z" in refused_name("Team//App").diagnostics().next_step


def test_a_double_slash_is_answered_with_the_name_without_it() -> None:
    assert "use a/b" == refused_name("/a//b/").diagnostics().next_step


@pytest.mark.parametrize(("text", "place"), [("/a", 1), ("a/", 2), ("a//b", 2), ("a$b", 2), ("a..b", 2), ("a/-b", 3)])
def test_the_character_that_is_wrong_in_a_name_is_pointed_at(text: str, place: int) -> None:
    assert f"character {place}" == refused_name(text).where


def test_the_owner_is_the_first_of_several_segments() -> None:
    assert "team" == RepositoryName.parse("team/app/web").owner


def test_a_name_of_one_segment_has_no_owner() -> None:
    assert RepositoryName.parse("go_helloworld2").owner is None


def test_names_and_tags_sort_as_their_text_does() -> None:
    assert [Tag("A"), Tag("a")] == sorted([Tag("a"), Tag("A")])
    assert [RepositoryName("a-b"), RepositoryName("a/b")] == sorted([RepositoryName("a/b"), RepositoryName("a-b")])


@given(names)
@steady
def test_every_name_of_the_grammar_is_read(text: str) -> None:
    assert text == RepositoryName.parse(text).value


@given(st.text(st.sampled_from("aA0._-/ :"), max_size=20) | st.text())
@steady
def test_any_text_is_a_name_as_it_stands_or_refused_with_a_next_step(text: str) -> None:
    read = read_or_refused(RepositoryName.parse, text)
    assert read.diagnostics().next_step if isinstance(read, WharfError) else text == str(read)


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_an_enormous_name_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(RepositoryName.parse, ENORMOUS_TEXTS[kind]) < 0.005


# --- tags ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a", "_", "v1.2.3", "Latest", "sha-453a654", "1..2", "a" * 128])
def test_a_well_formed_tag_is_read_as_it_stands(text: str) -> None:
    assert text == str(Tag.parse(text))


@pytest.mark.parametrize("text", ["", ".", "-a", "a b", "a/b", "a:b", "a+b", "ä", "a\n", "a" * 129, "\ud800"])
def test_an_ill_formed_tag_is_refused(text: str) -> None:
    assert text == refused_tag(text).text


@pytest.mark.parametrize(
    ("text", "next_step"),
    [("feature/x", "use feature-x"), (".hidden", "use hidden"), ("---", 'use letters, digits, "_", "." and "-"')],
)
def test_a_tag_that_almost_fits_is_answered_with_one_that_does(text: str, next_step: str) -> None:
    assert next_step == refused_tag(text).diagnostics().next_step


@given(tags)
@steady
def test_every_tag_of_the_grammar_is_read(text: str) -> None:
    assert text == Tag.parse(text).value


@given(st.text())
@steady
def test_any_text_is_a_tag_as_it_stands_or_refused(text: str) -> None:
    read = read_or_refused(Tag.parse, text)
    assert isinstance(read, WharfError) or text == str(read)


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_an_enormous_tag_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(parse_tag_or_digest, ENORMOUS_TEXTS[kind]) < 0.005


def test_what_has_a_colon_is_read_as_a_digest() -> None:
    assert Digest.parse(DIGEST) == parse_tag_or_digest(DIGEST)


def test_what_has_no_colon_is_read_as_a_tag() -> None:
    assert Tag("latest") == parse_tag_or_digest("latest")


def test_a_broken_digest_is_not_taken_for_a_tag() -> None:
    with pytest.raises(MalformedDigest):
        parse_tag_or_digest("sha256:abc")


# --- whole references ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("ubuntu", "docker.io/library/ubuntu"),
        ("ubuntu:22.04", "docker.io/library/ubuntu:22.04"),
        ("team/app", "docker.io/team/app"),
        ("docker.io/ubuntu", "docker.io/library/ubuntu"),
        ("index.docker.io/ubuntu", "docker.io/library/ubuntu"),
        ("localhost/app", "localhost/app"),
        ("localhost:5000/app:v1", "localhost:5000/app:v1"),
        ("ghcr.io/team/app:v1", "ghcr.io/team/app:v1"),
        ("GHCR.io/team/app", "ghcr.io/team/app"),
        ("host:5000/go_helloworld2", "host:5000/go_helloworld2"),
        ("[::1]:5000/app", "[::1]:5000/app"),
        ("10.0.0.1/app", "10.0.0.1/app"),
        (f"app@{DIGEST}", f"docker.io/library/app@{DIGEST}"),
        (f"ghcr.io/team/app:v1@{DIGEST}", f"ghcr.io/team/app:v1@{DIGEST}"),
    ],
)
def test_a_reference_is_completed_as_docker_does_it(text: str, whole: str) -> None:
    assert whole == str(Reference.parse(text))


def test_the_parts_of_a_reference_are_values() -> None:
    reference = Reference("ghcr.io", RepositoryName("team/app"), Tag("v1"), Digest.parse(DIGEST))
    assert reference == Reference.parse(f"ghcr.io/team/app:v1@{DIGEST}")


def test_without_tag_and_digest_the_latest_is_asked_for() -> None:
    assert "docker.io/library/ubuntu:latest" == str(Reference.parse("ubuntu").with_default_tag())


@pytest.mark.parametrize("text", ["ubuntu:22.04", f"ubuntu@{DIGEST}"])
def test_with_tag_or_digest_nothing_is_added(text: str) -> None:
    assert Reference.parse(text) == Reference.parse(text).with_default_tag()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 1),
        ("ghcr.io/Team/app", 9),
        ("ubuntu:", 8),
        ("ubuntu:a$b", 9),
        ("ubuntu@", 8),
        ("ubuntu@sha256:abc", 8),
        ("https://ghcr.io/team/app", 6),
        ("-host.io/app", 1),
        ("host:port/app", 1),
        ("a:b:c", 4),
        ("a//b", 2),
        ("ghcr.io/", 9),
    ],
)
def test_the_caret_stands_under_the_character_that_is_wrong(text: str, place: int) -> None:
    title, shown, caret = refused_reference(text).where.splitlines()
    assert (f"character {place}", f"    {text}", " " * (place + 3) + "^") == (title, shown, caret)


def test_a_long_reference_is_shown_around_the_caret() -> None:
    _, shown, caret = refused_reference("a" * 100 + "$" + "a" * 100).where.splitlines()
    assert "$" == shown[caret.index("^")]


def test_a_url_is_answered_with_the_reference_in_it() -> None:
    assert "use ghcr.io/team/app" == refused_reference("https://ghcr.io/team/app").diagnostics().next_step


def test_the_name_that_docker_completes_may_not_become_too_long() -> None:
    assert "repository name" in refused_reference("a" * 250).reason


def test_a_registry_that_is_none_is_refused_in_code_too() -> None:
    with pytest.raises(MalformedReference):
        Reference("not a host", RepositoryName("app"))


@given(names, tags, digests, st.sampled_from(["ghcr.io", "localhost", "host:5000", "[fe80::1]", "docker.io"]))
@steady
def test_a_reference_survives_being_written_and_read(name: str, tag: str, digest: Digest, registry: str) -> None:
    reference = Reference.parse(f"{registry}/{name}:{tag}@{digest}")
    assert reference == Reference.parse(str(reference))


@given(st.text(st.sampled_from("aA0._-/:@[] "), max_size=30) | st.text())
@steady
def test_any_text_is_a_reference_with_one_whole_form_or_refused(text: str) -> None:
    read = read_or_refused(Reference.parse, text)
    if isinstance(read, WharfError):
        assert "^" in read.diagnostics().evidence[-1]
    else:
        assert read == Reference.parse(str(read))


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_an_enormous_reference_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(Reference.parse, ENORMOUS_TEXTS[kind]) < 0.005


def test_a_bare_host_in_capitals_stays_a_host_when_it_is_written() -> None:
    reference = Reference.parse("C/a")
    assert ("c", reference) == (reference.registry, Reference.parse(str(reference)))
