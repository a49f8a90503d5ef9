"""How a store comes to hold what a row needs before its clock starts: through the door, like anything else."""

from http.client import HTTPConnection
from itertools import islice

from bench.measure import BenchFailed
from bench.payloads import INDEX_TYPE, MANIFEST_TYPE, SmallImage, digest_of, empty_index, small_images
from bench.pipeline import send_all
from bench.servers import Server
from bench.transfers import open_upload
from bench.wire import request

TAGS_AT_ONCE = 10
INDEX = b"Content-Type: " + INDEX_TYPE.encode() + b"\r\n"
OCTETS = b"Content-Type: application/octet-stream\r\n"

TAGGED = "bench/tagged"


def seed_tags(server: Server, count: int, repository: str = TAGGED) -> None:
    """One manifest with many tags, several tags in each request."""
    manifest = empty_index(repository)
    target = f"/v2/{repository}/manifests/{digest_of(manifest)}?"
    names = (tag_name(number) for number in range(count))
    batches = iter(lambda: list(islice(names, TAGS_AT_ONCE)), [])
    questions = ("&".join(f"tag={name}" for name in batch) for batch in batches)
    send_all(server, (request("PUT", (target + query).encode(), INDEX, manifest) for query in questions), 201)


def tag_name(number: int) -> str:
    return f"v{number:06}"


def seed_repositories(server: Server, count: int) -> None:
    """Many repositories of one tag."""
    send_all(server, (tagged_index(repository_name(number), "latest") for number in range(count)), 201)


def seed_small_repositories(server: Server, count: int) -> None:
    """Repositories of ten tags, what most are like."""
    for number in range(count):
        seed_tags(server, TAGS_AT_ONCE, small_repository_name(number))


def small_repository_name(number: int) -> str:
    return f"bench/ten{number:03}"


def repository_name(number: int) -> str:
    return f"team{number % 100:02}/project{number:05}"


def tagged_index(repository: str, tag: str) -> bytes:
    return request("PUT", f"/v2/{repository}/manifests/{tag}".encode(), INDEX, empty_index(repository))


def seed_garbage(server: Server, count: int) -> None:
    """Blobs that nothing refers to."""
    contents = (garbage(number) for number in range(count))
    send_all(server, (single_post("bench/abandoned", content) for content in contents), 201)


def garbage(number: int) -> bytes:
    return f"nobody wants {number}".encode()


def single_post(repository: str, content: bytes) -> bytes:
    return request("POST", f"/v2/{repository}/blobs/uploads/?digest={digest_of(content)}".encode(), OCTETS, content)


def seed_image(server: Server, repository: str) -> SmallImage:
    """One ordinary image, pushed the way every registry understands."""
    image = next(small_images(1))
    caller = server.connect()
    for digest, content in ((image.config_digest, image.config), (image.layer_digest, image.layer)):
        put(caller, open_upload(server, repository, digest), "application/octet-stream", content)
    put(caller, f"/v2/{repository}/manifests/{image.tag}", MANIFEST_TYPE, image.manifest)
    caller.close()
    return image


def put(caller: HTTPConnection, target: str, media_type: str, content: bytes) -> None:
    caller.request("PUT", target, content, {"Content-Type": media_type})
    answer = caller.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise BenchFailed(f"PUT {target}: {answer.status} {said[:300]!r}")
