"""What is said of clouds and logins, in the language of the person who reads it."""

from collections.abc import Mapping


def in_own_language(text: str, environ: Mapping[str, str]) -> str:
    """As the locale wants it; in English where the locale wants anything else, or nothing else is known."""
    from wharf.doctor.language import Language, language_of  # noqa: PLC0415 - start-up time: only logins need it

    language = language_of(environ)
    if language is Language.ENGLISH:
        return text
    from wharf.doctor.phrases import cloud_phrases  # noqa: PLC0415 - read only for those who do not read English

    return cloud_phrases().said(text, language)
