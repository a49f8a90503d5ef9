"""The words that GitLab knows at the top of a pipeline and in its jobs."""

from typing import Final

TOP: Final = frozenset(
    {"default", "include", "stages", "types", "variables", "workflow", "spec", "image", "services"}
    | {"before_script", "after_script", "cache"}
)
"""These cannot be names of jobs."""
DEFAULTS: Final = frozenset(
    {"after_script", "artifacts", "before_script", "cache", "hooks", "id_tokens", "identity", "image"}
    | {"interruptible", "retry", "services", "tags", "timeout"}
)
OLD_DEFAULTS: Final = frozenset({"image", "services", "before_script", "after_script", "cache"})
"""Which may stand at the top without `default`."""
JOB_ONLY: Final = frozenset(
    {"script", "stage", "only", "except", "rules", "tags", "needs", "dependencies", "when", "environment", "artifacts"}
    | {"extends", "allow_failure", "parallel", "retry", "timeout", "interruptible", "resource_group", "coverage"}
    | {"trigger", "secrets", "id_tokens", "inherit", "release"}
)
"""At the top, these would be jobs of such a name; nobody means that."""
STAGES: Final = ("build", "test", "deploy")
FIRST_STAGE: Final = ".pre"
LAST_STAGE: Final = ".post"
USUAL_STAGE: Final = "test"
