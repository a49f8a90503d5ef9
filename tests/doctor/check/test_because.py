"""Causes that speak of another place than this one are known by their names, which have to stay those of causes."""

from wharf.doctor.catalogue import known_failures
from wharf.doctor.check.because import WHERE_IT_FAILED_IS_ELSEWHERE


def test_each_cause_that_is_left_out_is_one() -> None:
    every = {(signature.id, cause.id) for signature in known_failures() for cause in signature.causes}
    assert set() == WHERE_IT_FAILED_IS_ELSEWHERE - every
