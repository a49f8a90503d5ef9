"""A worker that ended comes back always, and after a pause that grows while it dies young."""

from wharf.registry.comeback import Comeback

YOUNG, OLD = 0.5, 3600.0


def pauses_of(*lives: float) -> list[float]:
    pauses, comeback = [], Comeback()
    for lived in lives:
        comeback = comeback.after(lived)
        pauses.append(comeback.pause)
    return pauses


def test_one_end_costs_no_pause() -> None:
    assert [0.0] == pauses_of(YOUNG)


def test_the_pause_grows_with_each_young_end_and_is_bounded() -> None:
    assert [0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0] == pauses_of(*[YOUNG] * 8)


def test_however_often_it_dies_the_pause_is_bounded() -> None:
    assert pauses_of(*[YOUNG] * 10_000)[-1] == 5.0


def test_who_lived_for_long_is_begun_again_at_once() -> None:
    assert [0.0, 0.25, 0.0, 0.25] == pauses_of(YOUNG, YOUNG, OLD, YOUNG)
