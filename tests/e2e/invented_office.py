"""A console with an invented week of work in it, for pictures; every name and number is made up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from aiohttp.test_utils import TestClient
from PIL import Image, ImageDraw

from bot.console.frame import Console
from bot.feedback import publishing, services
from bot.feedback.category import Category, Subtype
from bot.feedback.chain import Actor
from bot.feedback.evidence import bind, keep
from bot.feedback.pictures import Cleaner
from bot.feedback.publishing import Texts
from bot.feedback.services import REPORTER, Step, Told
from bot.feedback.states import Move, Role
from bot.questions.stripping import strip
from bot.staff.models import StaffRole
from bot.storage.engine import open_engine
from tests.fakes.console import NOW, a_client, a_console, console_app, make_tables, signed_in

LAN = Actor(Role.SUPERVISOR, "lan")
MINH = Actor(Role.LEAD, "minh")
TALK = "web:nguoi-dan"
OFFICE = "Trung tâm Phục vụ hành chính công"


def _told(category: Category, story: str, commune: str, **more) -> Told:
    return Told(
        category=category,
        story=story,
        channel="web",
        consent_version="2026-11",
        province_code="79",
        commune_code=commune,
        conversation=TALK,
        **({"office_words": OFFICE} | more),
    )


BRIBERY = _told(
    Category.BRIBERY,
    "Sáng nay em bế con ra nộp hồ sơ khai sinh. Cán bộ ở quầy 3 bảo hồ sơ thiếu rồi gợi ý đưa 500 "
    "nghìn thì làm nhanh, không thì về chờ. Em không có tiền nên phải về, con thì khóc suốt. Em "
    "muốn biết như vậy có đúng không và bao giờ con em có giấy khai sinh.",
    "26740",
    identity="Nguyễn Thị Hoa, 0900 000 123",
)
OTHERS = (
    (
        _told(
            Category.DELAY,
            "Hồ sơ đất hẹn trả ngày 6/11 mà nay chưa có, hỏi thì bảo chờ, không ai xin lỗi.",
            "26743",
        ),
        timedelta(days=19),
        (Step(Move.TRIAGE), Step(Move.ASSIGN, assignee="lan"), Step(Move.START)),
    ),
    (
        _told(
            Category.IMPROPER_DEMAND,
            "Nộp trực tiếp mà bắt phải cài VNeID mới nhận hồ sơ tạm trú, mẹ tôi 71 tuổi.",
            "26740",
            subtype=Subtype.FORCED_VNEID,
        ),
        timedelta(days=6),
        (Step(Move.TRIAGE),),
    ),
    (
        _told(
            Category.BRIBERY,
            "ho doi 300 nghin moi chiu nhan ho so khai sinh cho chau toi, quay so 3",
            "26740",
        ),
        timedelta(hours=20),
        (),
    ),
    (
        _told(
            Category.ATTITUDE,
            "Hỏi giấy tờ thì cán bộ quát và bảo về tự tìm trên mạng.",
            "26743",
        ),
        timedelta(days=2),
        (Step(Move.TRIAGE), Step(Move.ASK, note="Việc xảy ra ở quầy nào ạ?")),
    ),
    (
        _told(Category.PRAISE, "Cảm ơn chị cán bộ trẻ đã điền giúp bố tôi tờ khai.", "26740"),
        timedelta(hours=5),
        (),
    ),
)
QUESTION = "Chào anh/chị, anh/chị tới quầy lúc mấy giờ, và có ai đi cùng không ạ?"
REPLY = "em tới lúc 8 giờ 15, có mẹ em đi cùng ạ"
ANSWER = (
    "Kính gửi anh/chị Nguyễn Thị Hoa,\nChúng tôi đã kiểm tra và xin lỗi anh/chị. Cán bộ đã bị "
    "chuyển khỏi quầy; giấy khai sinh của cháu được trả ngày mai."
)
TEXTS = Texts(
    "Một người dân bị gợi ý đưa tiền khi nộp hồ sơ khai sinh.",
    "Đã kiểm tra, đúng như phản ánh. Cán bộ đã bị chuyển khỏi quầy; giấy khai sinh đã được trả.",
)


def a_paper() -> bytes:
    """Draw a sheet with lines on it, as a photograph of an appointment slip may look from afar."""
    sheet = Image.new("RGB", (480, 640), "#e8e4da")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((40, 40, 440, 600), fill="white", outline="#8a8a8a", width=2)
    pen.rectangle((150, 80, 330, 96), fill="#555555")
    for row in range(150, 520, 34):
        pen.rectangle((80, row, 400 - row % 90, row + 8), fill="#a0a0a0")
    pen.ellipse((290, 480, 390, 580), outline="#b03030", width=5)
    written = BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()


class Office:
    """The console on a port of its own, Lan and Minh signed in, and one case at the centre."""

    def __init__(self, console: Console, client: TestClient, cookies: dict[str, str]) -> None:
        self._console = console
        self.url = str(client.server.make_url("/")).rstrip("/")
        self.cookies = cookies  # by account
        self.case = 0

    async def fills(self) -> None:
        """Let the week happen."""
        for told, ago, steps in OTHERS:
            await self._opens(told, NOW - ago, steps)
        self.case = await self._opens(BRIBERY, NOW - timedelta(hours=26), ())
        picture = await Cleaner().clean(a_paper())
        at = NOW - timedelta(hours=25)
        async with self._console.sessions() as session, session.begin():
            piece = await keep(session, self._console.vault, picture, TALK, at)
            await bind(session, self._console.vault, [piece], self.case, TALK, at)
        for step in (
            Step(Move.TRIAGE, category=Category.BRIBERY),
            Step(Move.ASSIGN, assignee="lan"),
            Step(Move.START),
            Step(Move.ASK, note=QUESTION),
        ):
            await self._moves(self.case, step, LAN, NOW - timedelta(hours=3))
        async with self._console.sessions() as session, session.begin():
            desk, at = self._console.desk, NOW - timedelta(hours=2)
            await services.add_to_case(session, desk, self.case, REPLY, REPORTER, at)

    async def answers(self) -> None:
        """Answer the case, and draft what is to be published."""
        await self._moves(self.case, Step(Move.ANSWER, note=ANSWER), LAN, NOW - timedelta(hours=1))
        async with self._console.sessions() as session, session.begin():
            await publishing.draft(session, self._console.desk, self.case, TEXTS, LAN, NOW)

    async def _opens(self, told: Told, at: datetime, steps: tuple[Step, ...]) -> int:
        async with self._console.sessions() as session, session.begin():
            case, _ = await services.open_case(session, self._console.desk, told, at)
        for number, step in enumerate(steps, 1):
            await self._moves(case.id, step, LAN, at + timedelta(minutes=20 * number))
        return case.id

    async def _moves(self, case_id: int, step: Step, by: Actor, at: datetime) -> None:
        async with self._console.sessions() as session, session.begin():
            await services.move(session, self._console.desk, case_id, step, by, at)


@asynccontextmanager
async def an_invented_office(folder: Path) -> AsyncIterator[Office]:
    """Serve the console over a database in a folder."""
    engine = open_engine(f"sqlite:///{folder / 'office.db'}")
    await make_tables(engine)
    console = a_console(engine)
    console = replace(console, desk=replace(console.desk, strip=strip))
    client = await a_client(console_app(console))
    lan = await signed_in(client, name="lan")
    minh = await signed_in(client, role=StaffRole.LEAD, name="minh", full_name="Trần Văn Minh")
    office = Office(console, client, {"lan": lan.cookie, "minh": minh.cookie})
    await office.fills()
    yield office
    await client.close()
    await engine.dispose()
