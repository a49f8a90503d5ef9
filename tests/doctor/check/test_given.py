from wharf.credentials.credential import Password
from wharf.credentials.secret import Secret
from wharf.doctor.check.given import OneCredential, from_variables

OF_GITHUB = {"GITHUB_TOKEN": "ghp_one", "GITHUB_USERNAME": "octo"}


def test_the_variables_of_github_count_for_its_registry() -> None:
    found = from_variables("ghcr.io", OF_GITHUB)
    assert found is not None
    assert Password("octo", Secret("ghp_one")) == found.credential
    assert "GITHUB_TOKEN, GITHUB_USERNAME" == found.place


def test_they_go_to_nobody_else() -> None:
    assert from_variables("registry.example", OF_GITHUB) is None
    assert from_variables("ghcr.io.example", OF_GITHUB) is None


def test_githubs_registry_needs_no_name_beside_the_token() -> None:
    found = from_variables("ghcr.io", {"GITHUB_TOKEN": "ghp_one"})
    assert found is not None
    assert "GITHUB_TOKEN" == found.place


def test_two_variables_count_for_any_registry() -> None:
    found = from_variables("registry.example", {"WHARF_USERNAME": "ada", "WHARF_TOKEN": " secret\n"})
    assert found is not None
    assert Password("ada", Secret("secret")) == found.credential


def test_a_token_without_a_name_is_not_used_elsewhere() -> None:
    assert from_variables("registry.example", {"WHARF_TOKEN": "secret"}) is None


def test_those_of_a_gitlab_job_count_for_its_registry() -> None:
    job = {"CI_REGISTRY": "registry.example:5050", "CI_REGISTRY_USER": "ci", "CI_REGISTRY_PASSWORD": "secret"}
    found = from_variables("registry.example:5050", job)
    assert found is not None
    assert Password("ci", Secret("secret")) == found.credential
    assert from_variables("registry.example", job) is None


def test_a_credential_that_was_given_is_for_one_registry_alone() -> None:
    keychain = OneCredential("registry.example", Password("ada", Secret("secret")), "a pipe").as_keychain()
    assert keychain.find("registry.example").credential is not None
    assert keychain.find("other.example").credential is None
