"""What logs put around a message, or make of it: each kind of noise by its name, as a change of a text."""

import json
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Final

Noise = Callable[[str], str]

_HEALTHY: Final = """\
#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 612B done
#7 [stage-1 3/5] RUN npm ci
#7 6.204 added 312 packages, and audited 313 packages in 6s
e3b0c44298fc: Pull complete
Digest: sha256:c5b1261d6d3e43071626931fc004f70149baeba2c8ec672bd4f27761f8e1ad6b
 Container app-db-1  Started
Test Suites: 14 passed, 14 total
2026-03-01T09:00:01Z INFO  GET /health 200 1ms
Compiling api v0.1.0 (/srv/api)
"""
_MANY_HEALTHY_LINES: Final = _HEALTHY * 10


def each_line(before: str) -> Noise:
    return lambda text: "\n".join(before + line for line in text.split("\n"))


def wrapped(width: int) -> Noise:
    return lambda text: "\n".join(chain.from_iterable(_pieces(line, width) for line in text.split("\n")))


def _pieces(line: str, width: int) -> list[str]:
    return [line[start : start + width] for start in range(0, len(line), width)] or [""]


def in_capitals(text: str) -> str:
    changed = text.replace("`", "\\'").replace(" ", "  ").encode().upper().decode().replace("\\N", "\\n")
    return f"\x1b[0m\x1b[31;1m│ \x1b[0m{changed}\x1b[0m\r\n"


def as_docker_keeps_it(text: str) -> str:
    lines = [{"log": f"{line}\n", "stream": "stderr", "time": "2026-03-01T09:00:00.1Z"} for line in text.split("\n")]
    return "\n".join(map(json.dumps, lines))


def as_a_value(text: str) -> str:
    return f"time=2026-03-01T09:00:00.000000000Z level=error msg={json.dumps(text)}"


def in_a_document(text: str) -> str:
    return json.dumps({"status": "failed", "error": {"message": f"\u001b[31m{text}\u001b[0m", "code": 1}}, indent=2)


NOISES: Final[Mapping[str, Noise]] = {
    "nothing": lambda text: text,
    "times of docker": each_line("2026-03-01T09:00:00.123456789Z "),
    "times of GitHub": each_line("2026-03-01T09:00:00.1234567Z "),
    "an error of GitHub": lambda text: f"2026-03-01T09:00:00.1234567Z ##[error]{text}",
    "times of GitLab": each_line("2026-03-01T09:00:00.123456Z 01O "),
    "journald": each_line("Mar 01 09:00:00 build-1 dockerd[812]: "),
    "an event of kubectl": lambda text: f"  Warning  Failed     3s (x2 over 18s)  kubelet            {text}",
    "colours": lambda text: "\x1b[0K\x1b[31;1m" + text.replace(": ", ":\x1b[0m \x1b[31m") + "\x1b[0;m",
    "a step of BuildKit": each_line("#12 1.234 "),
    "a service of compose": each_line("api-1  | "),
    "a JSON line each": as_docker_keeps_it,
    "a value in a line": as_a_value,
    "a JSON document": in_a_document,
    "80 columns": wrapped(80),
    "40 columns": wrapped(40),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n") + "\r\n",
    "indented": each_line("        "),
    "framed": each_line("│ "),
    "quoted": each_line("> "),
    "other lines": lambda text: f"{_MANY_HEALTHY_LINES}{text}\n{_MANY_HEALTHY_LINES}",
    "capitals": in_capitals,
    "progress": lambda text: f"[=>    ] 1.2MB/90MB\r[===>  ] 45MB/90MB\r[=====>] 90MB/90MB\r{text}",
}
