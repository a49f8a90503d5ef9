"""curl as the client, where TLS is spoken: started and waiting for its orders before the clock starts."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.measure import BenchFailed

PATIENCE = 300.0
AWAKE = 0.2
MEGABYTE = 1e6


def curl_rate(orders: Sequence[str], size: int) -> tuple[float, str]:
    """Megabytes a second of one curl for each order, and the HTTP versions they spoke."""
    with waiting_curls(len(orders)) as curls:
        began = time.monotonic()
        for curl, order in zip(curls, orders, strict=True):
            assert curl.stdin is not None
            curl.stdin.write(order.encode())
            curl.stdin.close()
        spoken = [report(curl) for curl in curls]
        taken = time.monotonic() - began
    return size / MEGABYTE / taken, "/".join(sorted(set(spoken)))


@contextmanager
def waiting_curls(count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    limit = ("--max-time", str(int(PATIENCE)))
    command = ("curl", "--silent", "--show-error", "--fail", *limit, "--config", "-")
    curls = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(count)
    ]
    time.sleep(AWAKE)
    try:
        yield curls
    finally:
        for curl in curls:
            curl.kill()
            curl.wait()


def report(curl: subprocess.Popen[bytes]) -> str:
    assert curl.stdout is not None
    assert curl.stderr is not None
    spoken = curl.stdout.read().decode().split()
    complaint = curl.stderr.read().decode().strip()
    if curl.wait() != 0 or not spoken:
        raise BenchFailed(f"curl: {complaint or curl.returncode}")
    return spoken[-1]


def upload_order(url: str, file: Path, certificate: Path | None, http: str | None) -> str:
    lines = [f'url = "{url}"', f'upload-file = "{file}"', f'output = "{os.devnull}"', 'header = "Expect:"']
    lines += ['header = "Content-Type: application/octet-stream"', 'write-out = "%{http_version}\\n"']
    lines += [] if certificate is None else [f'cacert = "{certificate}"']
    lines += [] if http is None else [http]
    return "\n".join(lines) + "\n"
