import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedJson
from wharf.metadata.records import AccountId, Moment, TokenId
from wharf.oci.members import Members
from wharf.oci.strict_json import parse_object
from wharf.protocol.scope import Scope
from wharf.registry.services.identity.statement import Basis, Statement

PULL = Scope("repository", "crew/app", frozenset({"pull", "push"}))
BASES = (None, Basis(AccountId(7), TokenId(3), 0), Basis(AccountId(7), None, 1_700_000_000_123))
VALUES: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()) | st.just({})
)
CLAIMS = st.dictionaries(st.sampled_from(["aud", "iat", "exp", "access", "account", "token", "password"]), VALUES)


@pytest.mark.parametrize("basis", BASES)
def test_it_is_read_as_it_was_written(basis: Basis | None) -> None:
    statement = Statement("mara", "registry.example", Moment(1_700_000_000_000), 300, (PULL,), basis)
    sent = json.dumps(statement.claims()).encode()
    assert statement == Statement.read(Members.of(parse_object(sent), "", MalformedJson))


@settings(max_examples=100)
@given(claims=CLAIMS)
def test_other_claims_are_refused_or_read(claims: dict[str, object]) -> None:
    try:
        found = Statement.read(Members.of(parse_object(json.dumps(claims).encode()), "", MalformedJson))
    except MalformedJson:
        return
    assert claims["exp"] == found.ends_at // 1000
