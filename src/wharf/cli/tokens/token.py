"""`wharf token`: the tokens of one's own, and of the services of one's organisations."""

from typing import Final

from wharf.cli.verbs import Verb, Verbs

_VERBS: Final = {
    "create": Verb("wharf.cli.tokens.create", "Make a token for a person, a script or a CI job."),
    "list": Verb(
        "wharf.cli.tokens.listed", "Show what each is for, until when, and when it was used.", stands_as="listed"
    ),
    "revoke": Verb("wharf.cli.tokens.revoke", "Take one back, or all of them."),
    "rotate": Verb("wharf.cli.tokens.rotate", "Replace one by another with the same rights."),
}
_ABOUT: Final = "Tokens stand in a password's place, may less, and end by themselves."
_EPILOG: Final = """\
\b
Example, for a CI job that pushes one image:
  wharf token create registry.example --account crew+ci \\
    --scope write:packages --repository crew/app --expires 30d
"""

token: Final = Verbs("token", _VERBS, _ABOUT, _EPILOG)
