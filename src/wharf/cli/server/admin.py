"""`wharf admin`: what whoever looks after a registry does beside it. One file for each verb: admin_<verb>.py."""

from typing import Final

from wharf.cli.verbs import Verb, Verbs

_VERBS: Final = {
    "gc": Verb("wharf.cli.server.admin_gc", "Collect garbage, beside a running registry."),
}
_ABOUT: Final = "Look after a registry, from the machine that it runs on."
_EPILOG: Final = """\
\b
Example:
  wharf admin gc --data /srv/wharf --dry-run
"""

admin: Final = Verbs("admin", _VERBS, _ABOUT, _EPILOG)
