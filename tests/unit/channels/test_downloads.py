"""Files come from the platform's hosts, at public addresses, in bounded size, or not at all."""

import socket

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.channels.base import PassingFailure, PermanentFailure
from bot.channels.downloads import Downloads, NotPublic, PublicResolver
from bot.feedback.errors import BadFile, Unfit
from tests.fakes.zalo_hosting import hung_up


class Hosting:
    """A platform's files on loopback."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.origin = ""

    async def give(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked.append(name)
        match name:
            case "picture":
                assert "Cookie" not in request.headers
                return web.Response(body=b"\xff\xd8\xff", headers={"Set-Cookie": "a=b"})
            case "moved":
                raise web.HTTPFound("/picture")
            case "elsewhere":
                raise web.HTTPFound("http://169.254.169.254/latest/meta-data")
            case "round":
                raise web.HTTPFound("/round")
            case "large":
                return web.Response(body=b"x" * 2000)
            case "endless":
                answer = web.StreamResponse()
                await answer.prepare(request)
                while True:
                    await answer.write(b"x" * 500)
            case "cut":
                answer = web.StreamResponse(headers={"Content-Length": "900"})
                await answer.prepare(request)
                await answer.write(b"x")
                return hung_up(request)
        return web.Response(status=int(name))


@pytest.fixture
async def hosting():
    files = Hosting()
    app = web.Application()
    app.router.add_get("/{name}", files.give)
    async with TestServer(app) as server:
        files.origin = str(server.make_url("")).rstrip("/")
        yield files


@pytest.fixture
async def downloads(hosting):
    places = [hosting.origin.removeprefix("http://"), "127.0.0.1:9"]
    ours = Downloads(["zdn.vn", *places], at_most=1000)
    yield ours
    await ours.close()


async def test_a_file_comes_also_over_a_redirect_within_the_list(hosting, downloads):
    assert await downloads.get(f"{hosting.origin}/picture") == b"\xff\xd8\xff"
    assert await downloads.get(f"{hosting.origin}/moved") == b"\xff\xd8\xff"


@pytest.mark.parametrize("name", ["elsewhere", "round", "404", "410", "403"])
async def test_what_is_gone_or_leads_elsewhere_is_given_up(hosting, downloads, name):
    with pytest.raises(PermanentFailure):
        await downloads.get(f"{hosting.origin}/{name}")


@pytest.mark.parametrize("name", ["500", "503", "429", "cut"])
async def test_what_may_come_later_is_tried_again(hosting, downloads, name):
    with pytest.raises(PassingFailure):
        await downloads.get(f"{hosting.origin}/{name}")


@pytest.mark.parametrize("name", ["large", "endless"])
async def test_more_than_we_take_is_not_read(hosting, downloads, name):
    with pytest.raises(BadFile) as refused:
        await downloads.get(f"{hosting.origin}/{name}")
    assert refused.value.problem is Unfit.TOO_LARGE


async def test_a_host_that_is_away_may_be_back(downloads):
    with pytest.raises(PassingFailure):
        await downloads.get("http://127.0.0.1:9/x")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://zdn.vn/a",
        "gopher://zdn.vn/a",
        "http://evilzdn.vn/a",
        "http://zdn.vn.evil.example/a",
        "http://zdn.vn@evil.example/a",
        "http://user:word@photo.zdn.vn/a",
        "http://photo.zdn.vn:22/a",
        "http://127.0.0.1/a",
        "http://[::1]/a",
        "http://2130706433/a",
        "http://0x7f.1/a",
        "http://localhost/a",
        "http://[/a",
        "http://photo.zdn.vn:99999/a",
        "http://\\evil.example\\@photo.zdn.vn/",
    ],
)
async def test_other_hosts_are_not_asked(hosting, downloads, address):
    with pytest.raises(PermanentFailure):
        await downloads.get(address)
    assert hosting.asked == []


class Names(AbstractResolver):
    """A name server that says what the test wants."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host, port=0, family=socket.AF_INET):
        return [
            {"hostname": host, "host": each, "port": port, "family": family, "proto": 0, "flags": 0}
            for each in self.addresses
        ]

    async def close(self):
        pass


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
    ],
)
async def test_a_listed_name_that_leads_into_a_private_network_is_not_followed(address):
    with pytest.raises(NotPublic):
        await PublicResolver(Names(address)).resolve("photo.zdn.vn")


async def test_of_several_addresses_only_the_public_ones_are_used():
    found = await PublicResolver(Names("10.0.0.1", "49.213.81.1")).resolve("photo.zdn.vn")
    assert [each["host"] for each in found] == ["49.213.81.1"]


@given(st.text() | st.from_regex(r"https?://[a-z.@:\\/\[\]0-9%#?-]{0,60}", fullmatch=True))
def test_whatever_is_said_to_be_an_address_only_the_lists_hosts_pass(address):
    downloads = Downloads(["zdn.vn"])
    try:
        url = URL(address)
        downloads._check(url)
    except (ValueError, PermanentFailure):
        return
    assert url.host == "zdn.vn" or url.host.rstrip(".").endswith(".zdn.vn") or url.host == "zdn.vn."
    assert url.port in (80, 443)
