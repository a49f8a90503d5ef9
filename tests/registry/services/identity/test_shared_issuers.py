import pytest

from wharf.registry.services.identity.shared_issuers import is_too_generous

GITHUB, GITLAB, OURS = "https://token.actions.githubusercontent.com", "https://gitlab.com", "https://git.example"


@pytest.mark.parametrize(
    ("issuer", "subject", "claims"),
    [
        (GITHUB, "repo:crew/app:ref:refs/heads/main", {}),
        (GITHUB, "repo:crew/app:*", {}),
        (GITHUB, "repo:crew/*", {}),
        (GITHUB, "repo:crew/web-*:environment:live", {}),
        (GITHUB, "repository_owner:crew:*", {}),
        (GITHUB, "repo:*", {"repository_owner": "crew"}),
        (GITHUB, "*", {"repository": "crew/*"}),
        (GITHUB, "*", {"repository_owner_id": "12345"}),
        (GITLAB, "project_path:crew/app:*", {}),
        (GITLAB, "project_path:*", {"namespace_path": "crew"}),
        (GITLAB, "*", {"ci_config_ref_uri": "gitlab.com//crew/app//*"}),
        (OURS, "project_path:*", {}),
        (OURS, "ci-*", {}),
    ],
)
def test_a_rule_that_says_whose_jobs_it_means_is_one(issuer: str, subject: str, claims: dict[str, str]) -> None:
    assert not is_too_generous(issuer, subject, claims)


@pytest.mark.parametrize(
    ("issuer", "subject", "claims"),
    [
        (GITHUB, "repo:*", {}),
        (GITHUB, "r*", {}),
        (GITHUB, "repo:crew*", {}),
        (GITHUB, "repo:crew?/app", {}),
        (GITHUB, "repo:/app*", {}),
        (GITHUB, "repository_owner:crew*", {}),
        (GITHUB, "environment:live:*", {}),
        (GITHUB, "environment:live", {}),
        (GITHUB, "*", {"ref_protected": "true"}),
        (GITHUB, "repo:*", {"repository": "crew*"}),
        (GITHUB, "repo:*", {"repository_owner": "crew*"}),
        (f"{GITHUB}/", "repo:*", {"environment": "live"}),
        (GITLAB, "project_path:*:ref:main", {}),
        (GITLAB, "project_path:crew*", {"ref_protected": "true"}),
        (GITLAB, "*", {"ci_config_ref_uri": "gitlab.com//*"}),
    ],
)
def test_a_rule_that_strangers_can_satisfy_is_too_generous(issuer: str, subject: str, claims: dict[str, str]) -> None:
    assert is_too_generous(issuer, subject, claims)
