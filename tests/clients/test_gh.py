"""GitHub's own command line, and the lines of curl that people keep, with nothing changed but the host."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.code_host import GH, HTTPS, CodeHost, code_host
from tests.clients.conftest import need
from tests.clients.programs import Home

ALL = ("read:packages", "write:packages", "delete:packages")
APP = "/orgs/crew/packages/container/app"


@pytest.fixture
def host(registry_is_ours: None, network: None, folder: Path) -> Iterator[CodeHost]:
    """In a network of its own, so that the port is free."""
    if not GH.exists():
        pytest.skip("gh is not installed (`make test` installs it)")
    with code_host(folder, HTTPS) as host:
        host.ask("POST", "/api/wharf/v1/orgs", {"login": "crew"})
        yield host


def log_in(host: CodeHost, home: Home, token: str) -> None:
    """`gh auth login --with-token` reads it from its standard input."""
    gh = host.gh(home)
    command = [*gh.command, "auth", "login", "--hostname", host.name, "--with-token", "--insecure-storage"]
    subprocess.run(command, env=gh.environment, input=token, text=True, check=True, capture_output=True)


def test_gh_logs_in_and_out(host: CodeHost, home: Home) -> None:
    gh = host.gh(home)
    log_in(host, home, host.token(*ALL))
    assert "Logged in to 127.0.0.1 account admin" in gh.run("auth", "status")
    assert "admin" == json.loads(gh.run("api", "user"))["login"]
    assert "admin\n" == gh.run("api", "graphql", "-f", "query={viewer{login}}", "--jq", ".data.viewer.login")
    gh.run("auth", "logout", "--hostname", host.name)
    assert "HTTP 401" in gh.fail("api", "user")


def test_gh_is_told_that_there_is_no_login_on_a_web_page(host: CodeHost, home: Home) -> None:
    """It opened a browser else, and waited for it."""
    gh = host.gh(home)
    log_in(host, home, host.token(*ALL))
    told = "`wharf token create 127.0.0.1 | gh auth login --hostname 127.0.0.1 --with-token`"
    assert told in gh.fail("auth", "refresh", "--hostname", host.name, "--scopes", "delete:packages")
    assert told in gh.fail("auth", "login", "--hostname", host.name, "--web", "--git-protocol", "https")
    assert "Logged in to 127.0.0.1 account admin" in gh.run("auth", "status")


def test_gh_asks_about_accounts_and_packages(host: CodeHost, home: Home) -> None:
    digest = host.push("admin/app", "v1")
    gh = host.gh(home, GH_ENTERPRISE_TOKEN=host.token("read:packages"))
    assert "Logged in to 127.0.0.1 account admin (GH_ENTERPRISE_TOKEN)" in gh.run("auth", "status")
    assert "admin User" == gh.run("api", "user", "--template", "{{.login}} {{.type}}")
    assert "Organization\n" == gh.run("api", "orgs/crew", "--jq", ".type")
    assert "app\n" == gh.run("api", "/user/packages?package_type=container", "--jq", ".[].name")
    versions = "/user/packages/container/app/versions"
    newer = ("-H", "Accept: application/vnd.github+json", "-H", "X-GitHub-Api-Version: 2022-11-28")
    assert f"{digest}\n" == gh.run("api", *newer, versions, "--jq", ".[].name")


def test_gh_is_refused_with_a_token_that_is_not_good(host: CodeHost, home: Home) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        log_in(host, home, "wharf_pat_" + "x" * 42)
    assert "HTTP 401" in failed.value.stderr


def test_gh_follows_the_pages(host: CodeHost, home: Home) -> None:
    pushed = [host.push("crew/app", f"v{number}") for number in range(103)]
    gh = host.gh(home, GH_ENTERPRISE_TOKEN=host.token("read:packages"))
    listed = gh.run("api", "--paginate", f"{APP}/versions", "--jq", ".[].name").split()
    assert pushed[::-1] == listed
    assert "app container private 103\n" == gh.run(
        "api",
        "/orgs/crew/packages?package_type=container",
        "--jq",
        '.[] | [.name, .package_type, .visibility, .version_count | tostring] | join(" ")',
    )


def test_gh_deletes_and_restores_a_version_and_a_package(host: CodeHost, home: Home) -> None:
    digests = {tag: host.push("crew/app", tag) for tag in ("v1", "v2")}
    gh = host.gh(home, GH_ENTERPRISE_TOKEN=host.token(*ALL))
    newest = gh.run("api", f"{APP}/versions", "--jq", ".[0].id").strip()
    gh.run("api", "-X", "DELETE", f"{APP}/versions/{newest}")
    assert "v1\n" == gh.run("api", f"{APP}/versions", "--jq", ".[].metadata.container.tags[]")
    assert f"{digests['v2']}\n" == gh.run("api", f"{APP}/versions?state=deleted", "--jq", ".[].name")
    gh.run("api", "-X", "POST", f"{APP}/versions/{newest}/restore")
    assert "v2\nv1\n" == gh.run("api", f"{APP}/versions", "--jq", ".[].metadata.container.tags[]")

    gh.run("api", "-X", "DELETE", APP)
    assert "gh: Package not found. (HTTP 404)" in gh.fail("api", APP)
    gh.run("api", "-X", "POST", f"{APP}/restore")
    assert "2\n" == gh.run("api", APP, "--jq", ".version_count")


def test_gh_says_what_the_registry_says(host: CodeHost, home: Home) -> None:
    host.push("crew/app", "v1")
    reading = host.gh(home, GH_ENTERPRISE_TOKEN=host.token("read:packages"))
    assert "delete:packages" in reading.fail("api", "-X", "DELETE", APP)
    (version,) = host.ask("GET", f"{APP}/versions")
    last = host.gh(home, GH_ENTERPRISE_TOKEN=host.token(*ALL)).fail(
        "api", "-X", "DELETE", f"{APP}/versions/{version['id']}"
    )
    assert "You cannot delete the last tagged version of a package. You must delete the package instead." in last
    assert "HTTP 400" in last


def test_the_lines_of_curl_in_the_guide_work_with_another_host(host: CodeHost, home: Home) -> None:
    need("curl", "jq")
    host.push("crew/auth-api", "v1")
    host.push("crew/auth-api", "v2", "latest")
    shell = host.shell(home, GITHUB_TOKEN=host.token("read:packages"))
    listed = shell.run(f"""
        curl -sSf -H "Authorization: Bearer $GITHUB_TOKEN" \\
            https://{host.name}/orgs/crew/packages?package_type=container
    """)
    assert [("auth-api", "private")] == [(each["name"], each["visibility"]) for each in json.loads(listed)]
    tags = shell.run(f"""
        curl -sS -H "Authorization: token $GITHUB_TOKEN" \\
            https://{host.name}/orgs/crew/packages/container/auth-api/versions \\
            | jq -c '.[0].metadata.container.tags'
    """)
    assert '["latest","v2"]\n' == tags
    assert "[]\n" == shell.run(f"""
        curl -sSf -H "Authorization: Bearer $GITHUB_TOKEN" \\
            https://{host.name}/user/packages?package_type=container | jq -c .
    """)


def test_at_another_port_gh_takes_its_token_from_the_environment(
    registry_is_ours: None, folder: Path, home: Home
) -> None:
    """`gh auth login` refuses a host with a port; everything else works there."""
    if not GH.exists():
        pytest.skip("gh is not installed (`make test` installs it)")
    with code_host(folder) as host:
        host.push("admin/app", "v1")
        gh = host.gh(home, GH_ENTERPRISE_TOKEN=host.token("read:packages"))
        assert "app\n" == gh.run("api", "/user/packages?package_type=container", "--jq", ".[].name")
