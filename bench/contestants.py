"""Who is compared: wharf, docker-registry 2.8 from Debian, nginx; each set up to be at its best."""

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from bench.conditions import Conditions
from bench.measure import BenchFailed
from bench.servers import Launch, Server, free_port, running

Launcher = Callable[[Path], AbstractContextManager[Server]]

DOCKER_REGISTRY = "docker-registry 2.8"
NGINX = "nginx"
WORKERS = 2
PASSWORD = "of the account admin"

# Debian's own settings (cache in memory) without its access log and its health checks, which would only cost it.
DOCKER_REGISTRY_SETTINGS = """\
version: 0.1
log:
  level: error
  accesslog: {{disabled: true}}
storage:
  cache: {{blobdescriptor: inmemory}}
  filesystem: {{rootdirectory: {store}}}
  delete: {{enabled: true}}
  maintenance: {{uploadpurging: {{enabled: false}}}}
http:
  addr: 127.0.0.1:{port}
"""

NGINX_SETTINGS = """\
daemon off;
user root;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  default_type application/octet-stream;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {root};
  }}
}}
"""


def docker_registry(folder: Path) -> AbstractContextManager[Server]:
    port = free_port()
    settings = folder / "docker-registry.yml"
    settings.write_text(DOCKER_REGISTRY_SETTINGS.format(store=folder / "store", port=port))
    command = ("/usr/bin/docker-registry", "serve", str(settings))
    return running(Launch("docker-registry", command, port, "/v2/", folder))


def nginx_serving(file: Path, folder: Path) -> AbstractContextManager[Server]:
    port = free_port()
    settings = folder / "nginx.conf"
    settings.write_text(NGINX_SETTINGS.format(workers=WORKERS, folder=folder, port=port, root=file.parent))
    (file.parent / "ready").write_bytes(b"ready\n")
    command = ("/usr/sbin/nginx", "-p", str(folder), "-c", str(settings))
    return running(Launch("nginx", command, port, "/ready", folder))


def wharf(conditions: Conditions) -> Launcher | None:
    """wharf as it comes, durable, with two workers; None when only the peers are measured."""
    command = conditions.wharf_command
    if command is None:
        return None

    def launch(folder: Path) -> AbstractContextManager[Server]:
        return running(wharf_launch(command, folder, "/readyz"))

    return launch


def wharf_with_accounts(command: tuple[str, ...], folder: Path) -> AbstractContextManager[Server]:
    """The same, but not open: its first start makes the account admin."""
    launch = wharf_launch(command, folder, "/readyz")
    guarded = (*(word for word in launch.command if word != "--open"), "--token-life", "1h")
    return running(replace(launch, name="wharf-with-accounts", command=guarded), {"WHARF_ADMIN_PASSWORD": PASSWORD})


def wharf_over_tls(conditions: Conditions) -> Launcher | None:
    command = conditions.wharf_command
    if command is None:
        return None

    def launch(folder: Path) -> AbstractContextManager[Server]:
        certificate, key = self_made_certificate(folder)
        return running(wharf_launch(command, folder, "/readyz", (certificate, key)))

    return launch


def wharf_launch(command: tuple[str, ...], folder: Path, ready: str, tls: tuple[Path, Path] | None = None) -> Launch:
    port = free_port()
    where = ("--data", str(folder / "store"), "--listen", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--open")
    secured = () if tls is None else ("--tls-cert", str(tls[0]), "--tls-key", str(tls[1]))
    certificate = None if tls is None else tls[0]
    return Launch("wharf", (*command, "serve", *where, *secured), port, ready, folder, certificate)


def self_made_certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    made = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    if made.returncode != 0:
        raise BenchFailed(f"openssl made no certificate: {made.stderr.strip()}")
    return certificate, key
