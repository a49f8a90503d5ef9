"""Routes: the last word of a path decides, since names may contain all of them."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, steady
from tests.oci.strategies import digests, names, tags
from wharf.protocol.routes import (
    LONGEST_PATH,
    ApiBase,
    BlobAt,
    Catalog,
    ManifestAt,
    ReferrersOf,
    Route,
    TagList,
    UploadAt,
    UploadStart,
    build,
    match,
)

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v2/", ApiBase()),
        ("/v2", ApiBase()),
        ("/v2/_catalog", Catalog()),
        ("/v2/app/tags/list", TagList("app")),
        ("/v2/team/app/manifests/latest", ManifestAt("team/app", "latest")),
        (f"/v2/team/app/blobs/{DIGEST}", BlobAt("team/app", DIGEST)),
        ("/v2/app/blobs/uploads/", UploadStart("app")),
        ("/v2/app/blobs/uploads", UploadStart("app")),
        ("/v2/app/blobs/uploads/0b5e", UploadAt("app", "0b5e")),
        (f"/v2/app/referrers/{DIGEST}", ReferrersOf("app", DIGEST)),
    ],
)
def test_every_path_of_the_api_is_known(path: str, route: Route) -> None:
    assert route == match(path)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v2/tags/tags/list", TagList("tags")),
        ("/v2/a/tags/tags/list", TagList("a/tags")),
        ("/v2/a/tags/list/manifests/x", ManifestAt("a/tags/list", "x")),
        ("/v2/a/blobs/b/manifests/x", ManifestAt("a/blobs/b", "x")),
        ("/v2/a/manifests/b/blobs/x", BlobAt("a/manifests/b", "x")),
        ("/v2/a/blobs/uploads/manifests/x", ManifestAt("a/blobs/uploads", "x")),
        ("/v2/a/blobs/blobs/uploads/x", UploadAt("a/blobs", "x")),
        ("/v2/blobs/blobs/uploads/", UploadStart("blobs")),
        ("/v2/uploads/referrers/x", ReferrersOf("uploads", "x")),
        ("/v2/_catalog/tags/list", TagList("_catalog")),
        ("/v2/v2/manifests/x", ManifestAt("v2", "x")),
    ],
)
def test_a_name_may_be_made_of_the_words_of_the_api(path: str, route: Route) -> None:
    assert route == match(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "v2/",
        "/v1/",
        "/v2/app",
        "/v2/app/",
        "/v2/tags/list",
        "/v2/app/tags/",
        "/v2/app/tags/list/",
        "/v2/manifests/latest",
        "/v2//manifests/latest",
        "/v2/app/manifests/",
        "/v2/app/manifests",
        "/v2/app/blobs/",
        "/v2/blobs/uploads/",
        "/v2/blobs/uploads/x",
        "/v2/app/uploads/x",
        "/v2/app/blobs/uploads/x/y",
        "/v2/app/referrers/",
        "/v3/app/manifests/latest",
        "/v2app/manifests/latest",
        "/healthz",
        "/v2/_catalog/",
        "/v2/" + "a" * LONGEST_PATH + "/manifests/latest",
    ],
)
def test_every_other_path_is_none_of_the_api(path: str) -> None:
    assert match(path) is None


@pytest.mark.parametrize(
    ("route", "path"),
    [
        (ApiBase(), "/v2/"),
        (Catalog(), "/v2/_catalog"),
        (TagList("team/app"), "/v2/team/app/tags/list"),
        (ManifestAt("app", DIGEST), f"/v2/app/manifests/{DIGEST}"),
        (UploadStart("app"), "/v2/app/blobs/uploads/"),
        (UploadAt("app", "a/b?c"), "/v2/app/blobs/uploads/a%2Fb%3Fc"),
        (BlobAt("a b", "x%y"), "/v2/a%20b/blobs/x%25y"),
        (ReferrersOf("app", DIGEST), f"/v2/app/referrers/{DIGEST}"),
    ],
)
def test_a_path_is_built_and_encoded_where_needed(route: Route, path: str) -> None:
    assert path == build(route)


_digest_texts = digests.map(str)
_routes: st.SearchStrategy[Route] = st.one_of(
    st.just(ApiBase()),
    st.just(Catalog()),
    st.builds(TagList, names),
    st.builds(ManifestAt, names, tags | _digest_texts),
    st.builds(BlobAt, names, _digest_texts),
    st.builds(UploadStart, names),
    st.builds(UploadAt, names, st.uuids().map(str)),
    st.builds(ReferrersOf, names, _digest_texts),
)


@given(_routes)
@steady
def test_a_route_survives_being_built_and_matched(route: Route) -> None:
    assert route == match(unquote(build(route)))


_words = st.sampled_from(
    ["v2", "blobs", "uploads", "manifests", "tags", "list", "referrers", "_catalog", "a", "", "..", "%2f"]
)


@given(st.lists(_words, max_size=7).map("/".join) | st.text())
@steady
def test_what_is_matched_builds_the_same_route_again(tail: str) -> None:
    route = match(f"/v2/{tail}")
    assert route is None or route == match(unquote(build(route)))


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_an_enormous_path_is_settled_at_once(kind: str) -> None:
    assert cpu_seconds(lambda text: match(f"/v2/{text}/manifests/latest"), ENORMOUS_TEXTS[kind]) < 0.005
