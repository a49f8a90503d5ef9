"""The language that a verb speaks: the one that is asked for, or that of the locale."""

from collections.abc import Mapping

import click

from wharf.doctor.language import Language, language_of


def language_option() -> click.Option:
    return click.Option(
        ["--lang"], type=click.Choice([language.value for language in Language]), help="Default: by the locale."
    )


def language_wished(lang: str | None, environ: Mapping[str, str]) -> Language:
    return Language(lang) if lang else language_of(environ)
