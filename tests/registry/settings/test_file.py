from pathlib import Path

import pytest

from wharf.errors import SettingRefused
from wharf.registry.settings.file import SettingFile, read_setting_file

WINDING = '''\
# listen = "a comment"

"data" = "/srv"  # listen = 1
proxies = [
  "10.0.0.0/8",  # listen = 2
  """
listen = 3
""",
]
'listen' = "x"
dotted.key = 1
[table]
workers = 1
[other]
'''


def read(folder: Path, content: str | bytes) -> SettingFile:
    path = folder / "wharf.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_setting_file(path, "flag --config")


def refusal(folder: Path, content: str | bytes) -> SettingRefused:
    with pytest.raises(SettingRefused) as refused:
        read(folder, content)
    return refused.value


@pytest.mark.parametrize(
    ("key", "line"), [("data", 3), ("proxies", 4), ("listen", 10), ("dotted", 11), ("table", 12), ("other", 14)]
)
def test_the_line_of_a_key_is_found(tmp_path: Path, key: str, line: int) -> None:
    assert f"{tmp_path}/wharf.toml line {line}" == read(tmp_path, WINDING).place(key)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_are_counted_with_either_ending(tmp_path: Path, ending: str) -> None:
    content = ending.join(["# one", 'data = "\u2028"', 'listen = "x"', ""])
    assert read(tmp_path, content).place("listen").endswith("line 3")


def test_a_key_inside_a_table_is_not_taken_for_one_at_the_top(tmp_path: Path) -> None:
    assert str(tmp_path / "wharf.toml") == read(tmp_path, WINDING).place("workers")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfworkers = 2").values == {"workers": 2}


def test_relative_paths_start_beside_the_file(tmp_path: Path) -> None:
    assert tmp_path == read(tmp_path, "").folder


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("workers = 1\nlisten 5000\n", 2, "the file is not TOML: "),
        ("workers = 1\nlisten = \n", 2, "the file is not TOML: "),
        ('workers = 1\n\ndata = "x', 3, "the file is not TOML: "),
        ("[a]\nx = 1\nx = 2\n", 3, "the file is not TOML: "),
        (b'workers = 1\ndata = "\xff"\n', 2, "the file is not UTF-8"),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_its_line(
    tmp_path: Path, content: str | bytes, line: int, reason: str
) -> None:
    refused = refusal(tmp_path, content)
    assert f"{tmp_path}/wharf.toml line {line}" == refused.place
    assert str(refused).startswith(f"setting config: {reason}")


@pytest.mark.parametrize("again", ["listen", '"listen"', "'listen'"])
def test_a_key_that_stands_twice_is_refused_with_both_lines(tmp_path: Path, again: str) -> None:
    refused = refusal(tmp_path, f'listen = "a"\nworkers = 2\n{again} = "b"\ndata = "x"\n')
    expected = (f"{tmp_path}/wharf.toml line 3", "setting listen: it stands in line 1 already")
    assert expected == (refused.place, str(refused))


def test_a_file_that_is_not_there_is_refused_with_who_named_it(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="cannot be read: No such file") as refused:
        read_setting_file(tmp_path / "wharf.toml", "environment variable WHARF_CONFIG")
    assert refused.value.place == "environment variable WHARF_CONFIG"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="Is a directory"):
        read_setting_file(tmp_path, "flag --config")
