"""Variables that GitLab sets by itself, as far as an event decides them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from wharf.formats.event import Event
from wharf.formats.hole import Unknown
from wharf.formats.text import Text

SOURCES: Final[Mapping[str, str]] = {
    "pull_request": "merge_request_event",
    "pull_request_target": "merge_request_event",
    "workflow_dispatch": "web",
    "repository_dispatch": "trigger",
    "release": "push",
    "create": "push",
}
"""Events in GitHub's words. What has no other word has the same one."""
MERGE_REQUEST: Final = "merge_request_event"
_HOSTED: Final = "gitlab.com"
_LONGEST_SLUG: Final = 63
_OF_MERGE_REQUESTS: Final = ("IID", "SOURCE_BRANCH_NAME", "TARGET_BRANCH_NAME", "SOURCE_BRANCH_SHA", "ID", "TITLE")
_ONLY_IN_SOME: Final = ("CI_COMMIT_BRANCH", "CI_COMMIT_TAG", "CI_COMMIT_TAG_MESSAGE", "CI_PIPELINE_TRIGGERED")
_KNOWN_IN_THE_RUN: Final = (
    *("CI_PIPELINE_ID", "CI_PIPELINE_IID", "CI_PIPELINE_URL", "CI_PIPELINE_CREATED_AT", "CI_JOB_ID", "CI_JOB_URL"),
    *("CI_JOB_STARTED_AT", "CI_PROJECT_ID", "CI_RUNNER_ID", "CI_RUNNER_TAGS", "CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE"),
    *("CI_COMMIT_DESCRIPTION", "CI_COMMIT_AUTHOR", "CI_COMMIT_BEFORE_SHA", "CI_CONCURRENT_ID", "CI_BUILDS_DIR"),
    *("GITLAB_USER_ID", "GITLAB_USER_NAME", "GITLAB_USER_EMAIL", "GITLAB_USER_LOGIN", "CI_RUNNER_DESCRIPTION"),
    *("CI_RUNNER_EXECUTABLE_ARCH", "CI_RUNNER_VERSION", "CI_SERVER_VERSION", "CI_OPEN_MERGE_REQUESTS"),
)
_SECRETS: Final = ("CI_JOB_TOKEN", "CI_REGISTRY_PASSWORD", "CI_DEPENDENCY_PROXY_PASSWORD", "CI_DEPLOY_PASSWORD")


def source_of(event: Event) -> str:
    return SOURCES.get(event.name, event.name)


def is_merge_request(event: Event) -> bool:
    return source_of(event) == MERGE_REQUEST


def slug(name: str) -> str:
    """Small letters, digits and `-`, at most 63 of them and none of the `-` at an end."""
    return re.sub(r"[^a-z0-9]", "-", name.lower())[:_LONGEST_SLUG].strip("-")


def ref_name(event: Event) -> str:
    return event.tag or event.branch or event.head_ref


def predefined(event: Event, host: str) -> dict[str, Text | None]:
    """None for what certainly is not there."""
    found: dict[str, Text | None] = dict.fromkeys(_ONLY_IN_SOME)
    found |= {f"CI_MERGE_REQUEST_{name}": None for name in _OF_MERGE_REQUESTS}
    found |= {name: Text.unknown(Unknown.RUN, name) for name in _KNOWN_IN_THE_RUN}
    found |= {name: Text.unknown(Unknown.SECRET, name) for name in _SECRETS}
    found |= {name: Text.known(value) for name, value in _known(event)}
    return found | dict(_of_server(event, host))


def _known(event: Event) -> Iterator[tuple[str, str]]:
    sha = event.head_sha or event.sha if is_merge_request(event) else event.sha
    name = ref_name(event)
    yield from (("CI", "true"), ("GITLAB_CI", "true"), ("CI_SERVER", "yes"), ("CI_CONFIG_PATH", ".gitlab-ci.yml"))
    yield from (("CI_PIPELINE_SOURCE", source_of(event)), ("CI_DEFAULT_BRANCH", event.default_branch))
    yield from (("CI_COMMIT_SHA", sha), ("CI_COMMIT_SHORT_SHA", sha[:8]), ("CI_PROJECT_DIR", "."))
    if event.commit_date:
        yield "CI_COMMIT_TIMESTAMP", event.commit_date.isoformat(timespec="seconds")
    yield from (
        ("CI_COMMIT_REF_NAME", name),
        ("CI_COMMIT_REF_SLUG", slug(name)),
        ("CI_REGISTRY_USER", "gitlab-ci-token"),
    )
    if event.is_on_default_branch:
        yield "CI_COMMIT_REF_PROTECTED", "true"
    if is_merge_request(event):
        yield from _of_merge_request(event, sha)
    elif event.tag:
        yield "CI_COMMIT_TAG", event.tag
    else:
        yield "CI_COMMIT_BRANCH", event.branch
    if event.repository:
        yield from _of_project(event.repository)


def _of_merge_request(event: Event, sha: str) -> Iterator[tuple[str, str]]:
    yield "CI_MERGE_REQUEST_IID", event.number
    yield "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", event.head_ref
    yield "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", event.base_ref or event.default_branch
    yield "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", sha
    yield "CI_MERGE_REQUEST_EVENT_TYPE", "detached"


def _of_project(path: str) -> Iterator[tuple[str, str]]:
    namespace, _, name = path.rpartition("/")
    yield from (("CI_PROJECT_PATH", path), ("CI_PROJECT_NAME", name), ("CI_PROJECT_NAMESPACE", namespace))
    yield "CI_PROJECT_ROOT_NAMESPACE", namespace.partition("/")[0]
    yield "CI_PROJECT_PATH_SLUG", slug(path)


def _of_server(event: Event, host: str) -> Iterator[tuple[str, Text]]:
    """Where the registry is, only gitlab.com tells; elsewhere it is set up as somebody likes."""
    registry = Text.known("registry.gitlab.com") if host == _HOSTED else Text.unknown(Unknown.VARIABLE, "CI_REGISTRY")
    path = Text.known("/" + event.repository.lower()) if event.repository else _unknown_path()
    yield from (("CI_REGISTRY", registry), ("CI_REGISTRY_IMAGE", registry + path))
    if not host:
        yield from ((name, Text.unknown(Unknown.VARIABLE, name)) for name in ("CI_SERVER_HOST", "CI_SERVER_URL"))
        return
    yield from (("CI_SERVER_HOST", Text.known(host)), ("CI_SERVER_URL", Text.known(f"https://{host}")))
    yield "CI_PROJECT_URL", Text.known(f"https://{host}/{event.repository}")
    if namespace := event.repository.partition("/")[0].lower():
        prefix = f"{host}:443/{namespace}/dependency_proxy/containers"
        yield "CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX", Text.known(prefix)
    yield "CI_DEPENDENCY_PROXY_SERVER", Text.known(f"{host}:443")


def _unknown_path() -> Text:
    return Text.known("/") + Text.unknown(Unknown.VARIABLE, "CI_PROJECT_PATH")
