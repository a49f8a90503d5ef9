from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.access.action import TAKES, Action
from wharf.access.limits import NO_LIMITS, Limits, parse_limits
from wharf.access.login import Login
from wharf.access.permission import ALL, Permission, includes
from wharf.access.rights import NOBODY, Lack, Rights, owner_of
from wharf.access.role import Role
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import Scope

APP = RepositoryName("crew/app")
CREW = Login("crew")


def rights(role: Role | None, *permissions: Permission, limits: str = "", grants: str | None = None) -> Rights:
    return Rights(
        is_known=True,
        roles={"crew": role} if role else {},
        permissions=frozenset(permissions or ALL),
        limits=parse_limits(limits.split()),
        grants=None if grants is None else tuple(Scope.parse(text) for text in grants.split()),
    )


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_a_role_is_enough_or_it_is_not(role: Role, action: Action) -> None:
    verdict = rights(role).on(action, APP, is_public=False)
    assert verdict.is_allowed == role.includes(TAKES[action].role)
    assert verdict.is_allowed or verdict.lack is Lack.ROLE


@pytest.mark.parametrize(("permission", "action"), list(product(Permission, Action)))
def test_a_scope_is_enough_or_it_is_not(permission: Permission, action: Action) -> None:
    verdict = rights(Role.OWNER, permission).on(action, APP, is_public=False)
    assert verdict.is_allowed == includes(frozenset({permission}), TAKES[action].permission)
    assert verdict.is_allowed or (verdict.lack, verdict.needed) == (Lack.PERMISSION, TAKES[action].permission.value)


@pytest.mark.parametrize("action", Action)
def test_nobody_may_nothing(action: Action) -> None:
    assert Lack.LOGIN is NOBODY.on(action, APP, is_public=False).lack


@pytest.mark.parametrize(
    "anyone", [NOBODY, rights(None), rights(Role.OWNER, Permission.DELETE), rights(None, grants="repository:x:pull")]
)
def test_what_is_public_may_be_pulled_with_any_good_credential(anyone: Rights) -> None:
    assert anyone.on(Action.PULL, APP, is_public=True).is_allowed


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.PULL}, key=str))
def test_what_is_public_may_be_changed_by_no_more_people(action: Action) -> None:
    assert Lack.ROLE is rights(None).on(action, APP, is_public=True).lack


def test_limits_hold() -> None:
    limited = rights(Role.OWNER, limits="crew/app crew/web-*")
    verdicts = {name: limited.on(Action.PUSH, RepositoryName(name), is_public=False).lack for name in NAMES}
    assert {"crew/app": None, "crew/web-1": None, "crew/app2": Lack.LIMIT, "crew/a/app": Lack.LIMIT} == verdicts


NAMES = ("crew/app", "crew/web-1", "crew/app2", "crew/a/app")


def test_grants_hold() -> None:
    granted = rights(Role.OWNER, grants="repository:crew/app:pull")
    assert granted.on(Action.PULL, APP, is_public=False).is_allowed
    assert Lack.GRANT is granted.on(Action.PUSH, APP, is_public=False).lack
    assert Lack.GRANT is granted.on(Action.PULL, RepositoryName("crew/web"), is_public=False).lack


def test_a_grant_gives_nothing_that_the_role_does_not() -> None:
    granted = rights(Role.READER, grants="repository:crew/app:pull,push,delete")
    assert Lack.ROLE is granted.on(Action.PUSH, APP, is_public=False).lack


def test_an_administrator_is_an_owner_everywhere() -> None:
    administrator = Rights(is_known=True, is_administrator=True)
    assert all(administrator.on(action, RepositoryName("single"), is_public=False).is_allowed for action in Action)
    assert administrator.over(CREW, Action.GOVERN).is_allowed
    assert administrator.over_all().is_allowed


def test_a_name_of_one_segment_belongs_to_administrators_alone() -> None:
    verdict = rights(Role.OWNER).on(Action.PULL, RepositoryName("crew"), is_public=False)
    assert (Lack.ROLE, "administrator") == (verdict.lack, verdict.needed)


def test_an_owner_as_a_whole_needs_all_of_it() -> None:
    assert rights(Role.OWNER).over(CREW, Action.GOVERN).is_allowed
    assert rights(Role.OWNER, limits="crew/*").over(CREW, Action.GOVERN).is_allowed
    assert Lack.LIMIT is rights(Role.OWNER, limits="crew/app").over(CREW, Action.GOVERN).lack
    assert Lack.ROLE is rights(Role.MAINTAINER).over(CREW, Action.GOVERN).lack


def test_a_short_lived_token_governs_nothing() -> None:
    signed = Rights(is_known=True, is_administrator=True, grants=(Scope.parse("repository:crew/app:*"),))
    assert [Lack.GRANT] * 3 == [
        signed.over(CREW, Action.GOVERN).lack,
        signed.over_all().lack,
        signed.permits(Permission.READ).lack,
    ]


def test_the_registry_as_a_whole_needs_an_administrator_without_limits() -> None:
    assert Lack.LOGIN is NOBODY.over_all().lack
    assert Lack.ROLE is rights(Role.OWNER).over_all().lack
    assert (
        Lack.PERMISSION
        is Rights(is_known=True, is_administrator=True, permissions=frozenset({Permission.WRITE})).over_all().lack
    )
    assert Lack.LIMIT is Rights(is_known=True, is_administrator=True, limits=parse_limits(["crew/*"])).over_all().lack


def test_the_list_takes_its_grant() -> None:
    assert NOBODY.listing().is_allowed
    assert rights(None, grants="registry:catalog:*").listing().is_allowed
    assert Lack.GRANT is rights(Role.OWNER, grants="repository:crew/app:pull").listing().lack


@given(
    role=st.sampled_from([None, *Role]),
    permissions=st.frozensets(st.sampled_from(Permission)),
    limits=st.sampled_from([NO_LIMITS, parse_limits(["crew/*"]), parse_limits(["other/*"])]),
    grants=st.sampled_from([None, (), (Scope.parse("repository:crew/app:pull,push"),)]),
    action=st.sampled_from(Action),
    is_public=st.booleans(),
)
def test_whoever_has_less_may_not_more(
    role: Role | None,
    permissions: frozenset[Permission],
    limits: Limits,
    grants: tuple[Scope, ...] | None,
    action: Action,
    is_public: bool,
) -> None:
    roles = {"crew": role} if role else {}
    less = Rights(is_known=True, roles=roles, permissions=permissions, limits=limits, grants=grants)
    more = Rights(is_known=True, roles={"crew": Role.OWNER})
    assert less.on(action, APP, is_public=is_public).is_allowed <= more.on(action, APP, is_public=is_public).is_allowed


@pytest.mark.parametrize(("name", "owner"), [("crew/app", CREW), ("crew/a/b", CREW), ("single", None)])
def test_a_repository_belongs_to_its_first_segment(name: str, owner: Login | None) -> None:
    assert owner == owner_of(RepositoryName(name))


@pytest.mark.parametrize("action", Action)
def test_every_action_is_a_word_of_a_scope(action: Action) -> None:
    assert frozenset({action.value}) == Scope("repository", "crew/app", frozenset({action.value})).actions
