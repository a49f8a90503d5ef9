"""The server's own log beside the requests: a line for a person, or one JSON object for a machine."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final

from wharf.registry.settings import LogFormat

_HANDED_ON: Final = {"handlers": [], "propagate": True}
AS_WE_LOG: Final[dict[str, Any]] = {"handlers": {}, "loggers": {"_granian": _HANDED_ON, "granian.access": _HANDED_ON}}
"""The server library's lines in the form of ours: whoever reads JSON reads a worker's end, too."""


class _Human(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        text = f"{at} {level}{record.getMessage()}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class _Machine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "time": round(record.created, 3),
            "event": "log",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        return json.dumps(facts, ensure_ascii=False)


def configure_logging(log_format: LogFormat) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Machine() if log_format is LogFormat.JSON else _Human())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
