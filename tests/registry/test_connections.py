import pytest

from wharf.registry.connections import connections_with


@pytest.mark.parametrize(("files", "connections"), [(1024, 448), (20_000, 4096), (1 << 30, 4096), (100, 64), (0, 64)])
def test_a_worker_holds_as_many_connections_as_it_may_have_files_for(files: int, connections: int) -> None:
    assert connections == connections_with(files)
