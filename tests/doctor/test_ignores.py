import pytest

from tests.doctor.findings import found
from wharf.doctor.ignores import Ignore, ignores_of, sifted
from wharf.errors import SettingRefused
from wharf.formats.files import WrittenFiles

RULES = ("some-rule", "other-rule")


def read(text: str) -> tuple[Ignore, ...]:
    return ignores_of(WrittenFiles({"wharf.toml": text}), RULES)


def test_without_a_file_nothing_is_ignored() -> None:
    assert () == ignores_of(WrittenFiles({}), RULES)


def test_a_file_of_the_registry_alone_ignores_nothing() -> None:
    assert () == read('listen = "127.0.0.1:5000"\n')


def test_an_ignore_has_a_rule_files_and_a_reason() -> None:
    text = '[[doctor.ignore]]\nrule = "some-rule"\nfiles = ["a/*"]\nreason = "so it is"\n'

    assert (Ignore("some-rule", ("a/*",), "so it is"),) == read(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[doctor.ignore]]\nrule = "some-rule"\n', "say why"),
        ('[[doctor.ignore]]\nrule = "som-rule"\nreason = "x"\n', "did you mean some-rule"),
        ('[[doctor.ignore]]\nrule = "some-rule"\nreason = "x"\nfile = "a"\n', "no such entry"),
        ('[[doctor.ignore]]\nrule = "*"\nreason = "x"\n', "say which"),
        ("[doctor]\nignroe = []\n", "no such entry"),
        ("doctor = 1\n", "dict"),
        ("[[doctor", "not TOML"),
        ("a = " + "[" * 5000, "not TOML"),
        ("a = " + "9" * 5000, "not TOML"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, said: str) -> None:
    with pytest.raises(SettingRefused, match=said):
        read(text)


def test_what_an_ignore_covers_is_not_told() -> None:
    one, other = found(), found(name="other-rule")
    ignore = Ignore("some-rule", (".github/*",), "so it is")
    result = sifted([one, other], [ignore])

    assert ((other,), ((one, ignore),), ()) == (result.told, result.ignored, result.idle)


def test_of_some_files_everything_can_be_ignored() -> None:
    (ignore,) = read('[[doctor.ignore]]\nrule = "*"\nfiles = [".github/*"]\nreason = "an example"\n')

    assert () == sifted([found(), found(name="other-rule")], [ignore]).told


def test_an_ignore_that_covers_nothing_is_idle() -> None:
    ignore = Ignore("some-rule", ("deploy/*",), "so it was")

    assert (ignore,) == sifted([found()], [ignore]).idle
