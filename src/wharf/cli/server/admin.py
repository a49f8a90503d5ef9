"""`wharf admin`: what whoever looks after a registry does beside it. One file for each verb: admin_<verb>.py."""

from typing import Final

from wharf.cli.verbs import Verb, Verbs

_PEOPLE: Final = "Who may do what, from afar"
_DATA: Final = "What it keeps, on its own machine"

_VERBS: Final = {
    "user": Verb("wharf.cli.admin.user", "People who have an account.", _PEOPLE),
    "org": Verb("wharf.cli.admin.org", "Organisations, which own repositories.", _PEOPLE),
    "member": Verb("wharf.cli.admin.member", "Who belongs to an organisation, and as what.", _PEOPLE),
    "service": Verb("wharf.cli.admin.service", "Accounts of an organisation for CI and clusters.", _PEOPLE),
    "identity": Verb("wharf.cli.admin.identity", "Believe jobs of CI without a secret.", _PEOPLE),
    "visibility": Verb("wharf.cli.admin.visibility", "Make a repository public or private.", _PEOPLE),
    "rule": Verb("wharf.cli.rules.rule", "Tags that stay, and what is kept of old versions.", _PEOPLE),
    "retention": Verb("wharf.cli.rules.retention", "Follow the rules for old versions.", _PEOPLE),
    "quota": Verb("wharf.cli.rules.quota", "How many bytes an owner may hold.", _PEOPLE),
    "audit": Verb("wharf.cli.server.admin_audit", "What was changed, by whom, when and from where.", _PEOPLE),
    "webhook": Verb("wharf.cli.webhooks.webhook", "Addresses that are told of what happens.", _PEOPLE),
    "gc": Verb("wharf.cli.server.admin_gc", "Collect garbage, beside a running registry.", _DATA),
    "recover": Verb("wharf.cli.server.admin_recover", "A new password for an administrator.", _DATA),
}
_ABOUT: Final = "Look after a registry."
_EPILOG: Final = """\
\b
Examples:
  wharf admin org create registry.example/crew
  wharf admin gc --data /srv/wharf --dry-run
"""

admin: Final = Verbs("admin", _VERBS, _ABOUT, _EPILOG)
