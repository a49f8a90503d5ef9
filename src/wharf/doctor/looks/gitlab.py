"""The pipelines of GitLab that a repository has."""

from wharf.doctor.checkout import Checkout
from wharf.formats.gitlab.pipeline import Pipeline


def pipelines(checkout: Checkout) -> tuple[Pipeline, ...]:
    """At most one today: `.gitlab-ci.yml` with all that it includes. `runs_of` tells what it does."""
    return ()
