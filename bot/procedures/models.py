"""The catalogue's tables: the procedures, their version, and what sync last saw of the portal."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.procedures.procedure import Kind, Origin
from bot.storage.base import Base, UtcTime, utc_time, value_enum


class ProcedureRow(Base):
    """One administrative procedure (thủ tục hành chính, TTHC)."""

    __tablename__ = "procedure"
    __table_args__ = (Index("ix_procedure_portal_id", "portal_id"),)

    code: Mapped[str] = mapped_column(String(16), primary_key=True, comment="mã TTHC")
    origin: Mapped[Origin] = mapped_column(
        value_enum(Origin), comment="official: Cổng Dịch vụ công quốc gia"
    )
    kind: Mapped[Kind] = mapped_column(value_enum(Kind))
    name: Mapped[str] = mapped_column(Text, comment="tên thủ tục")
    field: Mapped[str] = mapped_column(Text, comment="lĩnh vực")
    portal_id: Mapped[str] = mapped_column(String(64), comment="the portal's id of its page")
    content: Mapped[str] = mapped_column(Text, comment="the whole Procedure as JSON")
    content_hash: Mapped[str] = mapped_column(String(64), comment="SHA-256 of content, hex")
    record_on: Mapped[date] = mapped_column(comment="day on which the source last touched it")
    imported_at: Mapped[utc_time] = mapped_column(comment="when this content came")
    retired_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="when it was gone from the source; no longer told to citizens"
    )


class CatalogueVersion(Base):
    """The one row that says whether the catalogue changed since somebody loaded it."""

    __tablename__ = "procedure_catalogue"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(comment="rises by one exactly when a content changes")


class ListedProcedure(Base):
    """What the portal's list said about a procedure when its detail was last fetched."""

    __tablename__ = "procedure_listing"

    portal_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of its line in the list, hex"
    )
    fetched_at: Mapped[utc_time]
