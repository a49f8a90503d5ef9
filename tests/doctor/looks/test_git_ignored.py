"""Files that are meant not to be in a repository."""

from wharf.doctor.checkout import Checkout
from wharf.doctor.history import History
from wharf.doctor.looks.git_ignored import is_meant_to_be_missing
from wharf.formats.files import WrittenFiles


def missing(path: str, **files: str) -> bool:
    named = {name.replace("git", ".git").replace("_", "/"): content for name, content in files.items()}
    return is_meant_to_be_missing(Checkout(WrittenFiles(named), History()), path)


def test_a_name_that_git_ignores_is_meant_to_be_missing() -> None:
    assert missing("deploy/.env.prod", gitignore="# local\n.env*\n!.env.example\n")


def test_a_folder_that_git_ignores_is_too() -> None:
    assert missing("secrets/app.env", gitignore="/secrets/\n")


def test_any_other_name_is_not() -> None:
    assert not missing("deploy/app.env", gitignore="*.log\n\n")


def test_another_repository_lies_in_a_folder() -> None:
    assert missing("vendor/base/app.yaml", gitmodules='[submodule "base"]\n\tpath = vendor/base\n\turl = x\n')
