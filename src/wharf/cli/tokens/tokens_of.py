"""What the verbs of tokens have in common: a new token is shown once, alone, with what it is beside it."""

from typing import Final

from wharf.access.login import Login
from wharf.cli.api_errand import ApiErrand
from wharf.cli.tokens.token_row import NewToken

_ONCE: Final = "It is not shown again."


def show_new(errand: ApiErrand, made: NewToken) -> None:
    if errand.for_machines:
        errand.output.json(made.row.as_json())
        return
    errand.output.line(made.text)
    errand.output.note(made.row.in_words())
    errand.output.note(_ONCE)


def whose(account: Login | None) -> dict[str, str]:
    """As the API is asked for the tokens of somebody else."""
    return {} if account is None else {"account": str(account)}
