"""Scopes: the grammar of rights, and what can be reckoned with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, read_or_refused, steady
from wharf.errors import MalformedQuery, WharfError
from wharf.protocol.scope import Scope, granted, merged, parse_scopes


def scope(text: str) -> Scope:
    return Scope.parse(text)


@pytest.mark.parametrize(
    ("text", "kind", "name", "actions"),
    [
        ("repository:team/app:pull,push", "repository", "team/app", {"pull", "push"}),
        ("repository:host:5000/app:pull", "repository", "host:5000/app", {"pull"}),
        ("repository(plugin):team/app:pull", "repository(plugin)", "team/app", {"pull"}),
        ("registry:catalog:*", "registry", "catalog", {"*"}),
        ("repository:app:", "repository", "app", set()),
        ("repository:app:pull,pull", "repository", "app", {"pull"}),
    ],
)
def test_a_scope_is_read(text: str, kind: str, name: str, actions: set[str]) -> None:
    assert Scope(kind, name, frozenset(actions)) == scope(text)


@pytest.mark.parametrize(
    "text",
    ["", "repository", "repository:app", ":app:pull", "repository::pull", "Repository:app:pull", "a(:b:pull",
     "repository:a b:pull", "repository:app:Pull", "repository:app:pull,", "repository:app:**", "repository:ä:pull",
     "repository:app:pull\n"],
)  # fmt: skip
def test_what_is_no_scope_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MalformedQuery) as caught:
        Scope.parse(text)
    assert "ask for, for example, repository:team/app:pull,push" == caught.value.diagnostics().next_step


def test_actions_are_written_in_one_order() -> None:
    assert "repository:app:delete,pull,push" == str(scope("repository:app:push,delete,pull"))


@pytest.mark.parametrize("other", ["repository:a:pull", "repository:a:pull,push", "repository:a:"])
def test_a_right_covers_a_smaller_one(other: str) -> None:
    assert scope("repository:a:pull,push").covers(scope(other))


@pytest.mark.parametrize("other", ["repository:a:delete", "repository:a:*", "repository:b:pull", "registry:a:pull"])
def test_a_right_does_not_cover_another_one(other: str) -> None:
    assert not scope("repository:a:pull,push").covers(scope(other))


@pytest.mark.parametrize("other", ["repository:a:delete", "repository:a:*", "repository:a:"])
def test_the_right_to_everything_covers_each(other: str) -> None:
    assert scope("repository:a:*").covers(scope(other))


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("repository:a:pull,push", "repository:a:push,delete", "repository:a:push"),
        ("repository:a:pull", "repository:a:push", "repository:a:"),
        ("repository:a:*", "repository:a:push", "repository:a:push"),
        ("repository:a:push", "repository:a:*", "repository:a:push"),
        ("repository:a:pull", "repository:b:pull", "repository:a:"),
    ],
)
def test_what_two_rights_both_allow(one: str, other: str, common: str) -> None:
    assert scope(common) == scope(one).intersection(scope(other))


def test_two_rights_to_one_thing_are_one() -> None:
    assert scope("repository:a:pull,push") == scope("repository:a:pull").union(scope("repository:a:push"))


def test_two_rights_to_two_things_stay_two() -> None:
    with pytest.raises(AssertionError):
        scope("repository:a:pull").union(scope("repository:b:push"))


def test_scopes_of_one_text_are_merged_in_the_order_of_their_mention() -> None:
    text = "repository:b:pull  repository:a:pull repository:b:push"
    assert (scope("repository:b:pull,push"), scope("repository:a:pull")) == parse_scopes(text)


def test_no_text_is_no_scope() -> None:
    assert () == parse_scopes("")


def test_of_what_is_asked_only_what_is_allowed_is_granted() -> None:
    asked = parse_scopes("repository:a:pull,push repository:b:pull repository:c:pull")
    allowed = parse_scopes("repository:a:pull repository:b:* repository:d:pull")
    assert (scope("repository:a:pull"), scope("repository:b:pull")) == granted(asked, allowed)


def test_rights_to_one_thing_from_two_sources_add_up() -> None:
    allowed = (scope("repository:a:pull"), scope("repository:a:push"))
    assert (scope("repository:a:pull,push"),) == granted([scope("repository:a:pull,push,delete")], allowed)


_actions = st.frozensets(st.sampled_from(["pull", "push", "delete", "*"]))
_scopes = st.builds(
    Scope, st.sampled_from(["repository", "registry", "a(b)"]), st.sampled_from(["a", "b:1/c"]), _actions
)


@given(_scopes)
@steady
def test_a_scope_survives_being_written_and_read(one: Scope) -> None:
    assert one == Scope.parse(str(one))


@given(_scopes, _scopes)
@steady
def test_both_rights_cover_what_they_have_in_common(one: Scope, other: Scope) -> None:
    common = one.intersection(other)
    assert one.covers(common)
    assert other.covers(common) or not common.actions


@given(st.lists(_scopes, max_size=4))
@steady
def test_merging_loses_no_right(scopes: list[Scope]) -> None:
    assert all(any(whole.covers(each) for whole in merged(scopes)) for each in scopes)


@given(st.lists(_scopes, max_size=3), st.lists(_scopes, max_size=3))
@steady
def test_nothing_is_granted_that_is_not_allowed(asked: list[Scope], allowed: list[Scope]) -> None:
    everything = merged(allowed)
    assert all(any(right.covers(each) for right in everything) for each in granted(asked, allowed))


@given(st.text(st.sampled_from("ab():,* /."), max_size=20) | st.text())
@steady
def test_any_text_holds_scopes_with_one_form_or_is_refused(text: str) -> None:
    outcome = read_or_refused(parse_scopes, text)
    assert isinstance(outcome, WharfError) or outcome == parse_scopes(" ".join(str(each) for each in outcome))


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_enormous_text_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(parse_scopes, ENORMOUS_TEXTS[kind]) < 0.005
    assert cpu_seconds(Scope.parse, ENORMOUS_TEXTS[kind]) < 0.005
