import pytest

from wharf import errors
from wharf.registry.http.errors import error_reply, wire_form

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.WharfError)]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_a_wire_form(kind: type[errors.WharfError]) -> None:
    form = wire_form(kind.__new__(kind))
    assert 400 <= (form.status or form.row.status) < 600


def test_an_error_reaches_the_client_with_cause_evidence_and_next_step() -> None:
    reply = error_reply(errors.TooLarge("manifest", 10), "id-1")
    assert reply.status == 413
    assert isinstance(reply.body, bytes)
    assert b"the manifest is larger than 10 bytes" in reply.body
    assert b'"nextStep":"send a manifest within the limit"' in reply.body
