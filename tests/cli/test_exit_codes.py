import pytest

from wharf import errors
from wharf.cli.exit_codes import FAILED, TABLE, exit_code_of
from wharf.errors import WharfError

SETTING = errors.SettingRefused("listen", "x", "flag --listen", "no")


def test_every_code_and_every_name_stands_once() -> None:
    assert len({row.code for row in TABLE}) == len({row.name for row in TABLE}) == len(TABLE)


def test_every_branch_of_the_tree_of_errors_has_a_row() -> None:
    rows = {kind for row in TABLE for kind in row.errors}
    assert set(WharfError.__subclasses__()) <= rows


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WharfError("of no kind"), 1),
        (errors.MalformedTag("+", "no tag"), 2),
        (SETTING, 3),
        (errors.AddressTaken("127.0.0.1:5000"), 3),
        (errors.UploadUnknown("x"), 4),
        (errors.StoreBusy("garbage collection"), 5),
        (errors.Denied("push", "a/b"), 6),
        (errors.DigestMismatch("a", "b"), 7),
        (errors.StoreFull("/srv"), 8),
        (errors.StoreTooNew(2, 1), 8),
        (errors.RemoteDenied("r.example", "push", 403), 6),
        (errors.Unreachable("r.example", "nobody listens"), 9),
        (errors.RateLimited("r.example", "pull", 429), 10),
        (errors.HelperFailed("pass", "get", "it did not answer"), 11),
        (errors.EngineRefused("load", "no"), 12),
    ],
)
def test_an_error_has_the_code_of_its_nearest_ancestor(error: WharfError, code: int) -> None:
    assert code == exit_code_of(error).code


def test_errors_of_one_kind_share_its_code() -> None:
    assert exit_code_of(SETTING, errors.AddressTaken("x")).code == 3


def test_errors_of_several_kinds_are_a_failure() -> None:
    assert exit_code_of(SETTING, errors.StoreFull("/srv")) is FAILED
