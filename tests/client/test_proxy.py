"""Which way a request goes, by the rules that programs in Go apply."""

import base64

import pytest

from wharf.client.origin import Address, Origin
from wharf.client.proxy import Proxies, Proxy
from wharf.errors import SettingRefused


def origin(url: str) -> Origin:
    return Address.parse(url, "r").origin


def is_direct(url: str, no_proxy: str) -> bool:
    proxies = Proxies("http://proxy:3128", "http://proxy:3128", no_proxy)
    return proxies.proxy_for(origin(url)) is None


def test_each_scheme_has_its_proxy() -> None:
    proxies = Proxies("http://one:1", "http://two:2")
    assert Proxy("one", 1) == proxies.proxy_for(origin("http://a/"))
    assert Proxy("two", 2) == proxies.proxy_for(origin("https://a/"))


def test_without_a_proxy_the_way_is_straight() -> None:
    assert Proxies().proxy_for(origin("https://a/")) is None


@pytest.mark.parametrize(
    ("environ", "proxies"),
    [
        ({"HTTPS_PROXY": "a", "https_proxy": "b"}, Proxies(https="a")),
        ({"https_proxy": "b", "no_proxy": "c"}, Proxies(https="b", no_proxy="c")),
        ({"HTTPS_PROXY": "", "https_proxy": "b"}, Proxies(https="b")),
        ({"HTTP_PROXY": "a", "NO_PROXY": "c"}, Proxies(http="a", no_proxy="c")),
        ({"HTTP_PROXY": "evil", "REQUEST_METHOD": "GET"}, Proxies()),
        ({"ALL_PROXY": "a"}, Proxies()),
    ],
)
def test_the_environment_names_proxies(environ: dict[str, str], proxies: Proxies) -> None:
    assert proxies == Proxies.from_environ(environ)


@pytest.mark.parametrize(
    ("written", "proxy"),
    [("proxy", Proxy("proxy", 80)), ("proxy:3128", Proxy("proxy", 3128)), ("http://[::1]:3128/", Proxy("::1", 3128))],
)
def test_a_proxy_may_be_written_without_scheme(written: str, proxy: Proxy) -> None:
    assert proxy == Proxies(https=written).proxy_for(origin("https://a/"))


@pytest.mark.parametrize(
    "url", ["https://localhost:5000/", "https://127.0.0.1/", "https://127.3.2.1/", "http://[::1]/"]
)
def test_this_machine_is_never_reached_through_a_proxy(url: str) -> None:
    assert is_direct(url, "")


@pytest.mark.parametrize(
    ("url", "no_proxy"),
    [
        ("https://a.example/", "*"),
        ("https://a.example/", "b, A.Example "),
        ("https://sub.a.example/", "a.example"),
        ("https://sub.a.example/", ".a.example"),
        ("https://sub.a.example/", "*.a.example"),
        ("https://a.example:5000/", "a.example:5000"),
        ("https://a.example/", "a.example:443"),
        ("https://10.1.2.3/", "10.0.0.0/8"),
        ("https://10.1.2.3/", "10.1.2.3"),
        ("https://10.1.2.3:5000/", "10.1.2.3:5000"),
        ("https://[fd00::1]/", "fd00::/8"),
        ("https://[fd00::1]/", "fd00::1"),
        ("https://[fd00::1]:5000/", "[fd00::1]:5000"),
    ],
)
def test_who_is_exempt_is_reached_straight(url: str, no_proxy: str) -> None:
    assert is_direct(url, no_proxy)


@pytest.mark.parametrize(
    ("url", "no_proxy"),
    [
        ("https://a.example/", ""),
        ("https://a.example/", ",,"),
        ("https://a.example/", "."),
        ("https://aa.example/", "a.example"),
        ("https://a.example/", ".a.example"),
        ("https://a.example/", "*.a.example"),
        ("https://a.example.evil/", "a.example"),
        ("https://a.example:5000/", "a.example:443"),
        ("https://11.1.2.3/", "10.0.0.0/8"),
        ("https://10.1.2.3/", "10.1.2"),
        ("https://10.1.2.3/", "10.0.0.0/99"),
        ("https://10.example/", "10.0.0.0/8"),
    ],
)
def test_who_is_not_exempt_is_reached_through_the_proxy(url: str, no_proxy: str) -> None:
    assert not is_direct(url, no_proxy)


def test_a_proxy_may_want_a_login() -> None:
    proxy = Proxies(https="http://me:p%40ss@proxy:3128").proxy_for(origin("https://a/"))
    assert proxy is not None
    assert "Basic " + base64.b64encode(b"me:p@ss").decode() == proxy.authorization


@pytest.mark.parametrize(
    "written", ["https://me:hunter2@proxy", "socks5://me:hunter2@p:1", "http://me:hunter2@p:x", "http://"]
)
def test_a_proxy_that_cannot_be_used_is_refused_without_its_password(written: str) -> None:
    proxies = Proxies(https=written)
    with pytest.raises(SettingRefused) as caught:
        proxies.proxy_for(origin("https://a/"))
    assert "hunter2" not in f"{caught.value}{caught.value.diagnostics()}{proxies!r}"
