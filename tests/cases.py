"""A table of cases that is one test: every case is tried, and those that fail are told together, each by its name.

A test of its own costs some milliseconds before it begins. For tables of hundreds of rows whose checks take less than
that, and where no row needs a fixture of its own, this takes the place of `pytest.mark.parametrize`.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

_MOST_SHOWN = 10

Test = Callable[..., None]


def each(names: str, cases: Iterable[Any], ids: Callable[[Any], str] = repr) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`. Where several stand above one another, every case of one meets every other."""
    told = [name.strip() for name in names.split(",")]
    rows = [(ids(case), dict(zip(told, case if len(told) > 1 else [case], strict=True))) for case in cases]
    assert rows, "a table without a case proves nothing"

    def of_all(test: Test) -> Test:
        @functools.wraps(test)
        def tried(*itself: object, **fixtures: object) -> None:
            failures = [failure for name, row in rows if (failure := _failure(test, name, itself, {**fixtures, **row}))]
            if failures:
                raise BaseExceptionGroup(_summary(failures, len(rows)), failures[:_MOST_SHOWN])

        signature = inspect.signature(test)
        others = [parameter for name, parameter in signature.parameters.items() if name not in told]
        tried.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return tried

    return of_all


def _failure(test: Test, name: str, itself: tuple[object, ...], arguments: dict[str, object]) -> BaseException | None:
    try:
        test(*itself, **arguments)
    except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001 - it is raised with the others
        failure.add_note(f"in the case {name}")
        return failure
    return None


def _summary(failures: list[BaseException], cases: int) -> str:
    names = "; ".join(note for failure in failures for note in failure.__notes__[-1:])
    return f"{len(failures)} of {cases} cases fail: {names}"
