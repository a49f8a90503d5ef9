from pathlib import Path

from wharf.registry.settings.page import EXAMPLE, page
from wharf.registry.settings.sources import Machine
from wharf.registry.settings.table import TABLE, load_settings

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


def test_the_page_in_the_documentation_is_current() -> None:
    """If not: python -m wharf.registry.settings.page > docs/settings.md"""
    assert page() == PAGE.read_text()


def test_the_page_has_a_row_for_each_setting() -> None:
    rows = [line.split("`")[1] for line in page().splitlines() if line.startswith("| `")]
    assert rows == [setting.name for setting in TABLE]


def test_the_example_on_the_page_can_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "wharf.toml").write_text(EXAMPLE)
    machine = Machine(is_root=True, cpus=2, config_places=())
    settings = load_settings({}, {}, tmp_path / "wharf.toml", machine=machine)
    assert (settings.data, settings.gc_untagged) == (Path("/srv/wharf"), 30 * 86_400.0)
