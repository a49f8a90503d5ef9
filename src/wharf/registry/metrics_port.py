"""Metrics: what all workers counted, for Prometheus, on a port of its own in the parent process.

It is open to whoever reaches the port, and holds numbers only: no name of a repository, of an account or of an address.
Whoever dawdles there is let go, and so is the oldest of many: the process behind it also keeps the workers alive.
"""

import errno
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, Final

from prometheus_client import CollectorRegistry, MetricsHandler
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from wharf import __version__
from wharf.errors import AddressTaken, Malformed, SettingRefused
from wharf.registry.services.statistics.meter import BOUNDS, Readings, Timed
from wharf.registry.settings import Address

_LARGEST_MESSAGE: Final = 1 << 18
_THERE_SECONDS: Final = 5.0
"""A worker that said nothing for so long is not there."""
_SILENCE_SECONDS: Final = 10.0
_MOST_AT_ONCE: Final = 16


class Metrics:
    """Serves from `start` to `stop`. `line` is what workers are given, to tell their readings on."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._gathered = Gathered()
        self._own_end, self.line = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._listener = threading.Thread(target=self._listen, name="metrics", daemon=True)
        self._server: _Server | None = None

    def start(self) -> None:
        """Raises AddressTaken or SettingRefused."""
        try:
            self._server = _Server(self._address, self._gathered)
        except OSError as error:
            self._own_end.close()
            self.line.close()
            raise _refused(self._address, error) from error
        self._listener.start()
        threading.Thread(target=self._server.serve_forever, name="metrics port", daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self.line.send(b"")
        self._listener.join()
        self._own_end.close()
        self.line.close()

    def _listen(self) -> None:
        while message := self._own_end.recv(_LARGEST_MESSAGE):
            try:
                self._gathered.add(Readings.from_wire(message), time.monotonic())
            except Malformed:
                continue


class _Answering(MetricsHandler):
    timeout = _SILENCE_SECONDS


class _Server(ThreadingMixIn, TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: Address, collector: Collector) -> None:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(collector)
        self.address_family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self._lock = threading.Lock()
        self._open: dict[socket.socket, None] = {}
        super().__init__((address.host, address.port), _Answering.factory(registry))

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            if len(self._open) >= _MOST_AT_ONCE:
                self._hang_up_on_the_oldest()
            self._open[request] = None
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """They hung up, or were hung up on: nobody needs to know."""

    def _hang_up_on_the_oldest(self) -> None:
        oldest = next(iter(self._open))
        del self._open[oldest]
        with suppress(OSError):
            oldest.shutdown(socket.SHUT_RDWR)


class Gathered(Collector):
    """The sum of what all workers told, the ended ones too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sum = Readings()
        self._heard: dict[int, float] = {}

    def add(self, readings: Readings, now: float) -> None:
        with self._lock:
            self._sum.add(readings)
            self._heard[readings.worker] = now
            self._heard = {worker: at for worker, at in self._heard.items() if now - at < _THERE_SECONDS}

    def collect(self) -> Iterable[Metric]:
        now = time.monotonic()
        with self._lock:
            there = sum(now - at < _THERE_SECONDS for at in self._heard.values())
            return [*_of_requests(self._sum), *_of_registry(self._sum, there)]


def _of_requests(told: Readings) -> Iterator[Metric]:
    requests = CounterMetricFamily("wharf_requests", "Requests that were answered.", labels=["method", "status"])
    by_method: dict[str, Timed] = {}
    for (method, kind), timed in sorted(told.requests.items()):
        requests.add_metric([method, f"{kind}xx"], sum(timed.sorted_by_time))
        by_method.setdefault(method, Timed()).add(timed)
    yield requests
    durations = HistogramMetricFamily(
        "wharf_request_seconds", "From a request's head to the last byte of its answer.", labels=["method"]
    )
    for method, timed in by_method.items():
        durations.add_metric([method], list(_buckets(timed)), timed.seconds)
    yield durations


def _buckets(timed: Timed) -> Iterator[tuple[str, float]]:
    """As Prometheus has them: each holds those before it."""
    names = (*(str(bound) for bound in BOUNDS), "+Inf")
    together = 0
    for name, count in zip(names, timed.sorted_by_time, strict=True):
        together += count
        yield name, together


def _of_registry(told: Readings, workers: int) -> Iterator[Metric]:
    plain, stock = told.plain, told.stock
    yield CounterMetricFamily("wharf_pulls", "Images that were pulled; HEAD is no pull.", value=plain["pulls"])
    yield CounterMetricFamily("wharf_pushes", "Manifests that were pushed.", value=plain["pushes"])
    yield CounterMetricFamily("wharf_received_bytes", "Bytes of the bodies of requests.", value=plain["received"])
    yield CounterMetricFamily("wharf_sent_bytes", "Bytes of the bodies of answers.", value=plain["sent"])
    yield GaugeMetricFamily("wharf_workers", "Worker processes that are there.", value=workers)
    for name, about in (
        ("bytes", "Bytes of all blobs, each counted once."),
        ("blobs", "Blobs."),
        ("manifests", "Manifests, of images and of indexes."),
        ("repositories", "Repositories, those that were emptied too."),
    ):
        if name in stock:
            yield GaugeMetricFamily(f"wharf_stored_{name}", about, value=stock[name])
    info = GaugeMetricFamily("wharf_build_info", "The version that runs.", labels=["version"])
    info.add_metric([__version__], 1)
    yield info


def _refused(address: Address, error: OSError) -> AddressTaken | SettingRefused:
    if error.errno == errno.EADDRINUSE:
        return AddressTaken(str(address), "--metrics-listen")
    reason = error.strerror or str(error)
    return SettingRefused("metrics-listen", str(address), "the system", reason, "choose another with --metrics-listen")
