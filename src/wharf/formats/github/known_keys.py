"""The keys that GitHub knows at each place of a workflow, and the events that it knows. Any other key is refused."""

from typing import Final

WORKFLOW: Final = frozenset(
    {"name", "description", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"}
)
_ANY_JOB: Final = frozenset({"name", "permissions", "needs", "if", "concurrency", "strategy"})
JOB: Final = _ANY_JOB | frozenset(
    {"runs-on", "snapshot", "environment", "outputs", "env", "defaults", "steps", "timeout-minutes"}
    | {"continue-on-error", "container", "services", "cancel-timeout-minutes"}
)
CALLING_JOB: Final = _ANY_JOB | frozenset({"uses", "with", "secrets"})
_ANY_STEP: Final = frozenset({"id", "if", "name", "env", "continue-on-error", "timeout-minutes", "background"})
RUN_STEP: Final = _ANY_STEP | frozenset({"run", "working-directory", "shell"})
USES_STEP: Final = _ANY_STEP | frozenset({"uses", "with"})
WAITING: Final = frozenset({"wait", "wait-all", "cancel"})
"""What a step may do that is neither `uses` nor `run`."""
STEP: Final = RUN_STEP | USES_STEP | WAITING
EVENTS: Final = frozenset(
    {"branch_protection_rule", "check_run", "check_suite", "create", "delete", "deployment", "deployment_status"}
    | {"discussion", "discussion_comment", "fork", "gollum", "image_version", "issue_comment", "issues", "label"}
    | {"member", "merge_group", "milestone", "page_build", "project", "project_card", "project_column", "public"}
    | {"pull_request", "pull_request_comment", "pull_request_review", "pull_request_review_comment"}
    | {"pull_request_review_thread", "pull_request_target", "push", "registry_package", "release"}
    | {"repository_dispatch", "schedule", "status", "watch", "workflow_call", "workflow_dispatch", "workflow_run"}
    | {"repository_vulnerability_alert", "repository_advisory", "sub_issues", "issue_dependencies", "package"}
)
