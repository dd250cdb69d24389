"""The tables. PostgreSQL is the truth; what people wrote or are called is sealed (`…_sealed`, see crypto.py)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pgvector.sqlalchemy import Vector
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

MEANING_SIZE = 384
"""Numbers in a text's place among meanings: the width of the model that is served."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        int: BigInteger,
        str: Text,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        list[str]: ARRAY(Text),
        dict[str, Any]: JSONB,
    }


class Contact(Base):
    """A person who writes to us, on whichever channel. The row is the lock under which they are served. `sms_…` is the
    phone number that somebody gave whose address is none; `pace` how fast they write, and how often they heard the same
    (bot/pace.py)."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    address_key: Mapped[bytes] = mapped_column(unique=True)
    address_sealed: Mapped[bytes]
    sms_key: Mapped[bytes | None] = mapped_column(unique=True)
    sms_sealed: Mapped[bytes | None]
    channel: Mapped[str]
    last_wrote_at: Mapped[datetime | None]
    whatsapp_wrote_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]
    pace: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Conversation(Base):
    """Where the dialogue with a person stands."""

    __tablename__ = "conversation"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    state_sealed: Mapped[bytes]
    updated_at: Mapped[datetime]


class Inbound(Base):
    """A message that arrived, once per MessageSid. `handled_at` is None until the dialogue has answered it. Of a person
    who was erased the bare MessageSid is left, without `contact_id` and contents, so that a late repetition of the
    message is still known for one."""

    __tablename__ = "inbound_message"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    sid: Mapped[str] = mapped_column(unique=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    channel: Mapped[str]
    form_sealed: Mapped[bytes]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    intent: Mapped[str | None]
    confidence: Mapped[float | None]
    parse_sealed: Mapped[bytes | None]

    __table_args__ = (
        Index(
            "ix_inbound_message_unhandled", "contact_id", "id", postgresql_where=text("handled_at IS NULL")
        ),
        Index("ix_inbound_message_received_at", "received_at"),
    )


class MessageStatus(StrEnum):
    """The life of a message that leaves, forward only."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Outbound(Base):
    """A message that leaves. `cause` is unique, so that whatever runs twice says it once. One that is written again
    takes the `place` of the first in the order of what its person hears."""

    __tablename__ = "outbound_message"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(unique=True)
    wording: Mapped[str]
    channel: Mapped[str]
    whatsapp_sealed: Mapped[bytes]
    sms_sealed: Mapped[bytes]
    values_sealed: Mapped[bytes | None]
    urgency: Mapped[int] = mapped_column(server_default="1")
    place: Mapped[int | None]
    status: Mapped[str] = mapped_column(server_default=MessageStatus.QUEUED)
    sid: Mapped[str | None] = mapped_column(unique=True)
    attempts: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[datetime]
    first_tried_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    error_code: Mapped[int | None]
    error: Mapped[str | None]
    segments: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index(
            "ix_outbound_message_unsent",
            "contact_id",
            "id",
            postgresql_where=text("status IN ('queued', 'sending')"),
        ),
        Index("ix_outbound_message_created_at", "created_at"),
        Index("ix_outbound_message_untold", "updated_at", postgresql_where=text("status = 'sent'")),
    )


class Search(Base):
    """A question for matching: what a person needs. `answered_at` is None until they were told."""

    __tablename__ = "search"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    data_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default="0")
    answered_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]

    __table_args__ = (
        Index("ix_search_unanswered", "id", postgresql_where=text("answered_at IS NULL")),
        Index("ix_search_created_at", "created_at"),
    )


class Case(Base):
    """Something a person of Ayllu must look at. Open until `closed_at`."""

    __tablename__ = "operator_case"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    data_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_operator_case_open", "created_at", postgresql_where=text("closed_at IS NULL")),
    )


_MATCHED_BY = (
    "id", "kind", "min_months", "max_months", "days", "open_week", "places_free", "paused_until", "demo", "phone_key",
)  # fmt: skip
"""What is looked at to tell who fits: in the index beside the place, so that rows of others are not read."""


class Provider(Base):
    """One who cares for children. Shown to a parent only once `verified_at` is set. `open_week` are the minutes of the
    week, from Monday's midnight to the end of the next Monday, at which they are open."""

    __tablename__ = "provider"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    demo: Mapped[bool] = mapped_column(server_default="false")
    name: Mapped[str]
    kind: Mapped[str]
    phone_key: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    ubigeo: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    address: Mapped[str]
    min_months: Mapped[int]
    max_months: Mapped[int]
    days: Mapped[list[str]]
    opens: Mapped[str]
    closes: Mapped[str]
    open_week: Mapped[Any] = mapped_column(INT4MULTIRANGE, Computed("open_week(days, opens, closes)"))
    price_amount: Mapped[float | None]
    price_period: Mapped[str | None]
    places_free: Mapped[int]
    languages: Mapped[list[str]]
    amenities: Mapped[list[str]]
    special_needs: Mapped[list[str]]
    rating: Mapped[float | None]
    ratings: Mapped[int] = mapped_column(server_default="0")
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    paused_until: Mapped[datetime | None]
    quote: Mapped[str] = mapped_column(server_default="")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index(
            "ix_provider_match",
            "lat",
            "lon",
            postgresql_include=list(_MATCHED_BY),
            postgresql_where=text("verified_at IS NOT NULL"),
        ),
        Index("ix_provider_phone_key", "phone_key"),
        CheckConstraint(r"opens ~ '^([01]\d|2[0-3]):[0-5]\d$'", name="opens_is_a_time"),
        CheckConstraint(r"closes ~ '^([01]\d|2[0-3]):[0-5]\d$'", name="closes_is_a_time"),
    )


class Consent(Base):
    """What a person agreed to have shared, in which words, when and on which channel."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(unique=True)
    wording: Mapped[str]
    wording_version: Mapped[str]
    channel: Mapped[str]
    given_at: Mapped[datetime]


class RequestStatus(StrEnum):
    """What became of a request for care. `open`: somebody is being asked, or about to be."""

    OPEN = "open"
    AGREED = "agreed"
    CANCELLED = "cancelled"
    EXHAUSTED = "exhausted"


class Request(Base):
    """Care that a parent asked a provider for, and the next ones if that one cannot. One open for each parent."""

    __tablename__ = "care_request"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default=RequestStatus.OPEN)
    data_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_care_request_open_contact_id",
            "contact_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
    )


class OfferStatus(StrEnum):
    """The life of an offer: a request put to one provider. A place is held while it is `countered` or `agreed`."""

    WAITING = "waiting"
    SENT = "sent"
    COUNTERED = "countered"
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Offer(Base):
    """A request put to one provider. `code` is what the provider names it by among those open; `held` the places
    taken from the provider's free ones; `rating` and the comment what the parent said of the care afterwards, which an
    operator reads before anybody else does."""

    __tablename__ = "offer"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("care_request.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    code: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=OfferStatus.WAITING)
    held: Mapped[int] = mapped_column(server_default="0")
    words_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    comment_sealed: Mapped[bytes | None]
    comment_read_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_offer_open_code",
            "provider_id",
            "code",
            unique=True,
            postgresql_where=text("status IN ('waiting', 'sent', 'countered')"),
        ),
    )


class Event(Base):
    """Something that is to reach one person's conversation at a time, under their lock: an answer from the other
    side, an expiry, a reminder. `handled_at` is None until it did."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    data_sealed: Mapped[bytes]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_event_due", "due_at", postgresql_where=text("handled_at IS NULL")),
        Index("ix_event_contact_id", "contact_id"),
    )


class Hub(Base):
    """A place with computers, internet or help."""

    __tablename__ = "hub"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    demo: Mapped[bool] = mapped_column(server_default="false")
    name: Mapped[str]
    ubigeo: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    address: Mapped[str]
    services: Mapped[list[str]]
    hours: Mapped[dict[str, Any]]
    free: Mapped[bool]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index("ix_hub_place", "lat", "lon"),)


class Resource(Base):
    """Something to learn from. `embedding` is where its title and topics lie among meanings, `embedded_by` the model
    that placed them there: another model's places are not comparable."""

    __tablename__ = "resource"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    demo: Mapped[bool] = mapped_column(server_default="false")
    title: Mapped[str]
    topics: Mapped[list[str]]
    level: Mapped[str]
    kind: Mapped[str]
    language: Mapped[str]
    minutes: Mapped[int]
    kb: Mapped[int | None]
    summary: Mapped[str]
    where: Mapped[str]
    parts: Mapped[list[str]]
    source: Mapped[str]
    embedding: Mapped[Any | None] = mapped_column(Vector(MEANING_SIZE))
    embedded_by: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LastLook(Base):
    """When we last looked at something that others keep, such as the carrier's list of messages."""

    __tablename__ = "last_look"

    what: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
