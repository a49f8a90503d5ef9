"""Small scripts that call `docker` with words from every corner of the shell. Bash itself is asked what they call."""

from pathlib import Path
from typing import Final

VARIABLES: Final = {
    "SHA": "453a6545b97fe240727c378291230abeb793d851",
    "REPO": "Acme/Hamalog-Backend",
    "REF": "refs/heads/feature/login",
    "EMPTY": "",
    "LIST": "a b  c",
}
FILES: Final = {
    "VERSION": "1.2.3\n",
    "names.txt": "one\ntwo words\nthree\n",
    "package.json": '{\n  "name": "app",\n  "version": "4.5.6"\n}\n',
    "tags.csv": "app;1.0;x\nweb;2.0;y\n",
    "lib/names.sh": 'registry=ghcr.io\nfull_name() { echo "$registry/$1:${2:-latest}"; }\n',
    "deploy.sh": '#!/bin/bash\nset -eu\ndocker pull "app:${IMAGE_TAG:-latest}" "$0" "$#" "$@"\n',
    "bin/where.sh": '#!/bin/sh\ncd "$(dirname "$0")/.."\n. ./lib/names.sh\ndocker pull "$(full_name app)"\n',
    "env.list": "# comment\nTAG=v1\nNAME='my app'\n",
}


def _snippets(name: str) -> list[str]:
    text = (Path(__file__).parent / name).read_text()
    return text.removesuffix("\n").split("\n----\n")


CERTAIN: Final = _snippets("snippets_certain.txt")
"""All that they call is certain."""
CONTROL: Final = _snippets("snippets_control.txt")
"""What they call may depend on whether `docker` succeeds, which it does in the tests."""
SNIPPETS: Final = CERTAIN + CONTROL
