from pathlib import Path

from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.world import world_in


def test_an_address_is_not_looked_up(tmp_path: Path) -> None:
    facts = known(world_about(tmp_path, "127.0.0.1:5000"), "dns")

    assert ("literal", False, False, True) == (
        facts["outcome"], facts["hosts_file"], facts["search_list_needed"], facts["only_loopback"]
    )  # fmt: skip


def test_a_name_that_is_known_has_addresses(tmp_path: Path) -> None:
    facts = known(world_about(tmp_path, "localhost:5000"), "dns")

    assert ("found", True) == (facts["outcome"], facts["only_loopback"])


def test_a_name_that_nobody_can_know_is_not_found(tmp_path: Path) -> None:
    facts = known(world_about(tmp_path, "registry.invalid"), "dns")

    assert facts["outcome"] in {"not-found", "no-answer"}
    assert facts["search_list_needed"] is False


def test_a_name_without_a_dot_needs_a_network_that_knows_it(tmp_path: Path) -> None:
    assert known(world_about(tmp_path, "registry-invalid:5000"), "dns")["search_list_needed"] is True


def test_the_hosts_file_of_the_machine_is_read(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hosts").write_text("10.0.0.9 other Registry.Invalid # ours\n")

    assert known(world_about(tmp_path, "registry.invalid"), "dns")["hosts_file"] is True


def test_without_a_registry_nothing_is_seen(tmp_path: Path) -> None:
    assert {} == known(world_in(tmp_path, {}), "dns")
