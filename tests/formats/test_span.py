"""A span is a place in a file that can be shown, widened and cut."""

from wharf.formats.span import Span

LINE = Span("ci.yml", 4, 3, 4, 9)


def test_it_reads_as_editors_write_places() -> None:
    assert "ci.yml:4:3" == str(LINE)


def test_it_reaches_to_a_later_one() -> None:
    assert Span("ci.yml", 4, 3, 6, 2) == LINE.to(Span("ci.yml", 6, 1, 6, 2))


def test_it_does_not_reach_backwards_or_into_another_file() -> None:
    assert (LINE, LINE) == (LINE.to(Span.at("ci.yml", 1)), LINE.to(Span.at("deploy.sh", 9)))


def test_it_has_a_width_on_one_line_only() -> None:
    assert (6, None) == (LINE.width, Span("ci.yml", 4, 3, 5, 1).width)


def test_a_part_of_it_is_found_by_offsets() -> None:
    assert Span("ci.yml", 4, 5, 4, 6) == LINE.part(2, 3)
