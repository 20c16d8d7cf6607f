"""What is kept of Zalo: the one grant of the OA."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, utc_time


class ZaloGrant(Base):
    """The pair of tokens under which we speak for the OA; one row for each app."""

    __tablename__ = "zalo_grant"

    app_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tokens: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed: access and refresh token")
    generation: Mapped[int] = mapped_column(comment="rises by one with every new pair")
    issued_at: Mapped[utc_time]
    expires_at: Mapped[utc_time] = mapped_column(comment="of the access token")
    not_before: Mapped[utc_time] = mapped_column(
        comment="nobody refreshes before: a refresh is under way, or one has failed"
    )
    failure: Mapped[str] = mapped_column(
        String(200), default="", comment="why the last refresh failed; empty: it did not"
    )
