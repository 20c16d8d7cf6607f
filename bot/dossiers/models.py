"""What is kept of dossiers: where each stands, and hashes by which an applicant is recognised.

Nothing of the applicant stands here: the last digits of a number and a telephone number are kept
as keyed hashes, with which a citizen's words are compared.
"""

from datetime import date

import msgspec
from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.dossiers.dossier import Dossier, Status
from bot.storage.base import Base, serial_id, utc_time, value_enum
from bot.storage.vault import Vault

HASH = String(32)  # hex digits of a keyed hash


def _owed(name: str, *columns: str) -> Index:
    owed = text("owed_on IS NOT NULL")
    return Index(name, *columns, sqlite_where=owed, postgresql_where=owed)


class DossierRow(Base):
    """One dossier (hồ sơ) out of a table file."""

    __tablename__ = "dossier"
    __table_args__ = (
        Index("ix_dossier_phone", "phone"),
        # The list of overdue dossiers walks these, as a whole and by office; of what is owed only.
        _owed("ix_dossier_owed_on", "owed_on", "key", "promised_on"),
        _owed("ix_dossier_office_owed_on", "office", "owed_on", "key", "promised_on"),
    )

    key: Mapped[str] = mapped_column(
        String(40), primary_key=True, comment="letter and digits of the code"
    )
    code: Mapped[str] = mapped_column(Text, comment="mã hồ sơ, as the source writes it")
    source: Mapped[str] = mapped_column(Text, comment="name of the source, as citizens read it")
    status: Mapped[Status] = mapped_column(value_enum(Status))
    status_words: Mapped[str] = mapped_column(Text, comment="in the source's own words")
    procedure_code: Mapped[str] = mapped_column(Text, comment="mã TTHC, or empty")
    procedure_name: Mapped[str] = mapped_column(Text)
    office: Mapped[str] = mapped_column(Text, comment="đơn vị xử lý")
    received_on: Mapped[date | None]
    due_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    owed_on: Mapped[date | None] = mapped_column(
        comment="the due date, while the office works on it"
    )
    to_do: Mapped[str] = mapped_column(Text, comment="what the applicant is asked for")
    phone_fact: Mapped[str | None] = mapped_column(
        HASH, comment="keyed hash of the key and the last four digits of the phone"
    )
    identity_fact: Mapped[str | None] = mapped_column(
        HASH, comment="the same of the identity number"
    )
    phone: Mapped[str | None] = mapped_column(HASH, comment="keyed hash of the whole number")
    content_hash: Mapped[str] = mapped_column(HASH, comment="of what a citizen could be told")
    changed_at: Mapped[utc_time] = mapped_column(comment="when that last became different")
    imported_at: Mapped[utc_time] = mapped_column(comment="when the source last told it")
    # Recorded by the staff; no import changes it.
    apologised_on: Mapped[date | None] = mapped_column(comment="ngày xin lỗi, the last")
    apologised_by: Mapped[str | None] = mapped_column(Text, comment="account that recorded it")
    promised_on: Mapped[date | None] = mapped_column(comment="ngày hẹn lại in that apology")

    def dossier(self, as_of: date) -> Dossier:
        """Return the row as a dossier; ``as_of`` is the day of the import in Vietnam."""
        return Dossier(
            as_of=as_of,
            **{name: getattr(self, name) for name in Dossier.__struct_fields__ if name != "as_of"},
        )


class DossierSubscription(Base):
    """That a conversation wants to hear when a dossier moves, and what it last heard."""

    __tablename__ = "dossier_subscription"
    __table_args__ = (
        UniqueConstraint("key", "conversation_id"),
        Index("ix_dossier_subscription_conversation_id", "conversation_id"),
        Index("ix_dossier_subscription_look_at", "look_at"),
    )

    id: Mapped[serial_id]
    key: Mapped[str] = mapped_column(String(40), comment="letter and digits of the code")
    conversation_id: Mapped[str] = mapped_column(HASH, comment="of bot.conversation")
    code: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed; as it is asked for")
    told: Mapped[str] = mapped_column(HASH, comment="hash of what was last told")
    subscribed_at: Mapped[utc_time]
    look_at: Mapped[utc_time] = mapped_column(comment="when to look at it next")


def content_hash(vault: Vault, dossier: Dossier) -> str:
    """Return a hash of all that a citizen could be told; a newer look alone changes nothing."""
    told = msgspec.structs.replace(dossier, as_of=None)
    return vault.fingerprint("dossier", msgspec.json.encode(told).decode())
