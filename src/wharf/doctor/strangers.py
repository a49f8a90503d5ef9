"""Lines of programs that have troubles of their own: a compiler's certificates, a shell's keys, a package's registry.

They use the same words as those that deliver images, since many are made of the same parts. A wording that names
nothing of ours counts only where the lines around it do, or where it stands by itself.
"""

import re
from collections.abc import Sequence
from typing import Final

from wharf.doctor.pattern import Pattern, Program
from wharf.doctor.shown_text import without_prefix

_MOST_BESIDE_A_BARE_ONE: Final = 60
_LONGEST_LOOKED_AT: Final = 2000
_ours = re.compile(
    r"docker|build context|failed to (?:build|solve)|rest/packages"
    r"|podman|buildah|skopeo|build[xk]|containerd|\bcri\b|\bcri-?o\b|crictl|nerdctl"
    r"|kubelet|kaniko|\bcrane\b"
    r"|\boras\b|registr(?:y|ies)|(?<!api)/v2/|\bimages?\b|imagepull|manifest|container|\bpull|\bpush|\bblobs?\b|\blayers?\b"
    r"|compose|ghcr\.io|gcr\.io|quay\.io|\.ecr\.|azurecr|harbor|pkg\.dev|credential|wharf|\bdind\b|daemon|\boci\b"
    r"|docker login|login attempt|logging in|error during connect|response body:"
    r"|failed\s+to\s+solve|did\s+not\s+complete\s+successfully|userland\s+proxy|host\s+port|env\s+file|cache\s+key|load\s+metadata|dockerfile"
    r"|ca\s+certificates\s+should|/home/[r]unner/|copier:|building\s+at\s+step|\bcosign|\bnotary|runc|rootless|overlay|cgroup|oomkilled|\bpod\b",
    re.IGNORECASE,
)
_strangers = re.compile(
    r"(?:^|\s)(?:npm (?:ERR!|error|warn)|yarn (?:error|install)|ERR_PNPM|error An unexpected error|Could not fetch URL"
    r"|ERROR: Could not (?:install|find)|WARNING: Retrying \(Retry|fatal: |remote: |ssh: |scp: |rsync: |sftp"
    r"|Permission denied \(publickey|psql: |FATAL: {1,2}|ERROR \d{4} \(|curl: \(\d+\)|wget: |[EW]: |Err:\d+ "
    r"|cargo |error: failed to (?:download|get|fetch|sync|load source)|\[ERROR\] |> Could not |java\.|javax\.|sun\."
    r"|org\.|com\.|Caused by: |Unable to connect to the server|Error from server|kubectl|Error: INSTALLATION"
    r"|terraform|go: |go get |Bundler::|Gem::|\[Composer|CondaHTTPError"
    r"|error NU\d+|error : |dnf |yum |zypper|apk |Error making API request|fatal: \[|TASK \[|sshd"
    r"|nginx: \[|error: RPC failed|transport: authentication handshake failed"
    r"|redis\.|psycopg|sqlalchemy|requests\.|urllib3|aiohttp|httpx|Traceback|traceback"
    r"|ERROR: \(gcloud|az |error: unable to (?:read|access)|Net::|OpenSSL::|Errno::"
    r"|cp: |tar: |PANIC: |could not write to file|PHP |cURL error|smtplib|systemd\[1\]: (?!docker|containerd)|kernel: "
    r"|--- FAIL|\w+_test\.go:\d+|error: script |sudo: |su: |login: |bash: (?!.*docker)"
    r"|level=\w+ ts=|ts=\S+ caller=|component=)",
)
_CLUSTER: Final = frozenset({Program.KUBERNETES})
_runner_pulls = re.compile(r"with (?:specified )?polic(?:y|ies)", re.IGNORECASE)
"""GitLab's runner says nearly what a node of a cluster says, and has other ways to log in."""
_passes_on = re.compile(r"fatal: \[|\[ERROR\] ")
"""Programs that start others and show what these said: Ansible, Maven."""
_shared = re.compile(
    r"x509|certificate|tls|ssl|no such host|connection (?:refused|reset|timed)|network is unreachable|no route to host"
    r"|timeout|timed out|deadline exceeded|\beof\b|broken pipe|permission denied|access is denied|no space left"
    r"|quota|no such file|not found|unauthori[sz]ed|forbidden|denied|authenti|rate limit|too many requests"
    r"|name resolution"
    r"|address already in use|proxy|bad gateway|service unavailable|internal server error|40[0-9]|50[0-9]|oom|memory"
    r"|exit(?:ed)?(?: with)? (?:code|status)|http response to https|killed|too large|dial tcp|http2|handshake"
    r"|unexpected end|invalid character|segmentation",
    re.IGNORECASE,
)
"""What programs of all trades say."""
_furniture = re.compile(
    r"\"?\b(?:log|stream|time|timestamp|ts|level|msg|message|tag|source|error|status|code|severity)\"?"
    r"[=:]\s*(?:\"?[\w.:+-]{0,40}\"?)?|[{}\"\\]+|##\[error\]",
    re.IGNORECASE,
)
"""What wraps a message up, as JSON or as values with names."""
_places_of_strangers = re.compile(
    r"registry\.terraform\b|well-known/terraform|\bgolang\b|\bnpmjs\b|npm\.pkg\b|\byarnpkg\b|\bpypi\b|\bcrates\b"
    r"|\brubygems\b|repo1?\.maven\b|maven\.pkg\b|\bpackagist\b|\banaconda\b|\bnuget\b|maven-(?:releases|snapshots)"
    r"|plugins\.gradle\b|/debian(?:-security)? |/ubuntu |\.(?:debian|ubuntu|alpinelinux)\."
    r"|failed to push some refs|failed to sign the data|checking seal status|gpg failed|chart repository"
    r"|xcodebuild|codesign|SecKeychainItemImport|ORA-\d",
    re.IGNORECASE,
)
"""Where packages of languages and systems are, which have registries of their own: by what these are called."""

_container_places = re.compile(
    r"(?<!api)/v2/|cgroup|oomkilled|oci runtime|container_linux|standard_init|docker|podman|containerd|buildx|buildkit"
    r"|ghcr\.io|gcr\.io|quay\.io|\.ecr\.|kubelet|oci://",
    re.IGNORECASE,
)

_surely_ours = re.compile(
    r"docker|podman|buildah|skopeo|containerd|buildx|buildkit|nerdctl|kubelet|kaniko|oci runtime|failed to solve"
    r"|did not complete successfully|returned a non-zero code|error response from daemon|manifest unknown"
    r"|pull access denied|requested access to the resource|(?:getting|storing|saving|erasing) credentials"
    r"|no basic auth credentials|error during connect|while running runtime|prepare environment|pwsh|/__w/"
    r"|toomanyrequests: |file was unable to be removed|tls handshake error from"
    r"|admission webhook|--tlsverify|programming external|userland proxy|imagepull|compose",
    re.IGNORECASE,
)
"""What nobody else says, whatever is said beside it: a service may be called npm, and an image terraform."""
_address = re.compile(r"https?://[^\s\"'<>]{0,500}", re.IGNORECASE)
_connecting = re.compile(
    r"x509|certificate|tls|https client|no such host|name resolution|server misbehaving|connection|unreachable|no route"
    r"|timeout|timed out|deadline|eof|dial (?:tcp|udp)",
    re.IGNORECASE,
)
_another_api = re.compile(
    r"\b(?:get|head|post|put|patch|delete) [\\\"']{0,3}https?://[a-z0-9.\[\]:-]{1,260}/(?!v1/(?:_ping|repositories|users/?[\\\"':\s]|search)|service/token|jwt/auth|oauth2/|(?:v2/)?token\b"
    r"|api/docker/|v2/?(?:[\\\"':?\s]|$|_catalog))(?!\S{0,400}(?:/(?:manifests|blobs|tags|referrers|layer|sha256[:/])\b|(?<!api)/v2/))"
    r"[a-z0-9_.-]{2}",
    re.IGNORECASE,
)
"""The address of something that answers, and that is neither a registry nor what one sends to."""


def is_a_strangers(pattern: Pattern, said: str, before: str, after: str, around: Sequence[str]) -> bool:
    """`said`: the text that the pattern fits, with the rest of its line; `around`: the lines around that one."""
    if pattern.said_by == _CLUSTER and _runner_pulls.search(f"{before}{said}{after}"):
        return True
    if _surely_ours.search(pattern.template):
        return False
    line, beside = without_prefix(f"{before}{said}{after}"), without_prefix(f"{before} {after}")
    if _places_of_strangers.search(line) and not _places_of_strangers.search(pattern.template):
        return True
    if not _shared.search(pattern.template):
        return False
    if _is_of_another_api(pattern, line, around):
        return True
    if _ours.search(pattern.template):
        return False
    if _strangers.search(beside) and not _container_places.search(line) and not _passes_on_ours(beside):
        return True
    return len(_furniture.sub("", beside).strip()) > _MOST_BESIDE_A_BARE_ONE and not _is_ours(beside, around)


def _passes_on_ours(beside: str) -> bool:
    return _passes_on.search(beside) is not None and _ours.search(beside) is not None


def _is_of_another_api(pattern: Pattern, line: str, around: Sequence[str]) -> bool:
    if not _connecting.search(pattern.template) or not _another_api.search(line):
        return False
    return not _is_ours("", [_address.sub("", one[:_LONGEST_LOOKED_AT]) for one in (line, *around)])


def _is_ours(line: str, around: Sequence[str]) -> bool:
    return any(_ours.search(one[:_LONGEST_LOOKED_AT]) for one in (line, *around))


def is_of_our_trade(line: str) -> bool:
    """Whether a line speaks of images, registries, engines, and not in the words of another trade."""
    line = without_prefix(line)
    return bool(_ours.search(line)) and not _places_of_strangers.search(line) and not _strangers.search(line)
