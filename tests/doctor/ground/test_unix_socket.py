import socket
import tempfile
from pathlib import Path

from wharf.doctor.ground.unix_socket import listens


def test_somebody_listens_or_not() -> None:
    with tempfile.TemporaryDirectory(prefix="wharf-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listener:
        place = Path(folder) / "socket"
        listener.bind(str(place))
        assert listens(place, 1.0) is False
        listener.listen()
        assert listens(place, 1.0) is True


def test_a_path_that_no_socket_can_have(tmp_path: Path) -> None:
    assert listens(tmp_path / ("x" * 200), 1.0) is False
