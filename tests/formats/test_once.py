"""What is worked out once."""

from dataclasses import dataclass, field

from wharf.formats.once import Once


@dataclass(frozen=True)
class Counting:
    asked: list[str] = field(default_factory=list)

    @Once
    def made(self) -> str:
        self.asked.append("made")
        return "something"


def test_it_is_worked_out_when_it_is_asked_for_first() -> None:
    counting = Counting()
    assert [] == counting.asked
    assert "something" == counting.made
    assert ["made"] == counting.asked


def test_then_it_is_kept() -> None:
    counting = Counting()
    assert counting.made is counting.made
    assert ["made"] == counting.asked


def test_each_thing_has_its_own() -> None:
    one, other = Counting(), Counting()
    assert one.made == other.made
    assert ["made"] == other.asked
