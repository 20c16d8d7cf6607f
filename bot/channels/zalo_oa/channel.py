"""The Official Account as a channel: its door, its sender, its files and its tokens."""

from collections.abc import Iterator, Sequence

import aiohttp
from aiohttp import web
from msgspec import Struct
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from bot.channels.base import Incoming, Limits, Pace, Parcel, Reply
from bot.channels.downloads import Downloads
from bot.channels.files import keep_files
from bot.channels.house import House
from bot.channels.troubles import Troubles
from bot.channels.webhook import Webhook
from bot.channels.zalo_oa.api import ZaloApi
from bot.channels.zalo_oa.events import NAME
from bot.channels.zalo_oa.intake import Intake
from bot.channels.zalo_oa.letters import cut
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.sender import Sender
from bot.channels.zalo_oa.tokens import Tokens
from bot.settings import Settings

PATH = "/webhooks/zalo-oa"


class ZaloOaSettings(Struct, frozen=True):
    """What an operator knows of the app and its OA; see docs/operate.md."""

    app_id: str
    app_secret: str
    oa_secret: str
    origin: str  # our own, under which Zalo fetches pictures
    api: str
    oauth: str
    file_hosts: tuple[str, ...]

    def __repr__(self) -> str:
        """Show nothing: two of these are secrets."""
        return "ZaloOaSettings(…)"

    @classmethod
    def read(cls, settings: Settings) -> "ZaloOaSettings | None":
        """Take what concerns the OA out of the program's settings; None where there is none."""
        if not settings.zalo_oa_app_id:
            return None
        return cls(
            settings.zalo_oa_app_id,
            settings.zalo_oa_app_secret,
            settings.zalo_oa_secret,
            settings.origin,
            settings.zalo_oa_api,
            settings.zalo_oa_oauth,
            tuple(settings.zalo_file_hosts.split(",")),
        )


class ZaloOa:
    """Implements channels.base.Channel; its figures are quotas."""

    name = NAME
    # Of Zalo's 4000 calls a minute some are left for whoever else calls as this app.
    limits = Limits(overall=Pace(60, 1.0))

    def __init__(self, settings: ZaloOaSettings, house: House) -> None:
        """Make it inside of a running loop."""
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self._uploads = house.uploads
        self._downloads = Downloads(settings.file_hosts)
        oauth = OAuth(self._http, settings.oauth, settings.app_id, settings.app_secret)
        absences, clock = house.absences(NAME), house.clock
        self.troubles = Troubles(NAME)
        self.tokens = Tokens(
            house.engine, house.vault, clock, settings.app_id, oauth, self.troubles
        )
        api, origin = ZaloApi(self._http, settings.api), settings.origin
        self.sender = Sender(api, self.tokens, absences, self.troubles, clock, origin)
        intake = Intake(
            settings.app_id,
            settings.oa_secret,
            absences,
            house.choices.meant,
            house.counts,
            clock,
        )
        self._door = Webhook(NAME, intake.verified, intake.read, house.inbox, house.counts)

    def add_routes(self, app: web.Application) -> None:
        """Put up the webhook."""
        self._door.add_to(app, PATH)

    async def run(self) -> None:
        """Refresh the tokens in time."""
        await self.tokens.run()

    async def close(self) -> None:
        """Let a refresh end, and close what is kept open."""
        await self.tokens.close()
        await self._downloads.close()
        await self._http.close()

    def collect(self) -> Iterator[Metric]:
        """Yield the OA's own figures."""
        left = GaugeMetricFamily(
            "danhoi_zalo_oa_quota_remaining",
            "Messages left, as Zalo last told; of the kind reply for one person",
            labels=["kind"],
        )
        for kind, count in self.sender.quotas.items():
            left.add_metric([kind], count)
        yield left

    def parts(self, reply: Reply) -> Sequence[Reply]:
        """Cut a reply into messages; see Messenger."""
        return cut(reply)

    async def deliver(self, address: str, parcel: Parcel) -> str:
        """Send one part; see Messenger."""
        return await self.sender.deliver(address, parcel)

    async def fetch(self, incoming: Incoming) -> Incoming:
        """Fetch the files of a message; see Messenger."""
        return await keep_files(incoming, self._uploads, self._downloads.get)
