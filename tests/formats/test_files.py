"""Files that stand in memory are read as those of a folder are."""

import pytest

from wharf.errors import FileNotThere
from wharf.formats.files import WrittenFiles


def test_what_was_written_is_read_with_its_places() -> None:
    assert "a.yml:2:1" == str(WrittenFiles({"a.yml": "a\nb\n"}).read("a.yml").lines()[1].span)


def test_what_is_not_there_is_not_there() -> None:
    with pytest.raises(FileNotThere):
        WrittenFiles({}).read("a.yml")


def test_it_knows_its_paths() -> None:
    assert ["a.yml", "b/c.yml"] == sorted(WrittenFiles({"b/c.yml": "", "a.yml": ""}).paths())
