"""The tables. PostgreSQL is the truth; what people wrote or are called is sealed (`…_sealed`, see crypto.py)."""

from __future__ import annotations

from datetime import date, datetime
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
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, JSONB, TSVECTOR
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
    """Where the dialogue with a person stands; `ubigeo_…` is the district it last was about, to find people by."""

    __tablename__ = "conversation"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    state_sealed: Mapped[bytes]
    updated_at: Mapped[datetime]
    ubigeo_key: Mapped[bytes | None]
    ubigeo_sealed: Mapped[bytes | None]

    __table_args__ = (
        Index("ix_conversation_updated_at", "updated_at", "contact_id"),
        Index("ix_conversation_ubigeo_key", "ubigeo_key", "updated_at"),
    )


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
        Index("ix_inbound_message_contact_id", "contact_id", "id"),
        Index("ix_inbound_message_unsure", "received_at", postgresql_where=text("confidence < 0.5")),
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
    takes the `place` of the first in the order of what its person hears. `written_by` is the operator who wrote it;
    None: the bot."""

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
    written_by: Mapped[int | None]
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
        Index("ix_outbound_message_contact_id", "contact_id", "id"),
        Index("ix_outbound_message_failed", "created_at", postgresql_where=text("status = 'failed'")),
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
        Index("ix_search_contact_id", "contact_id", "id"),
    )


class Case(Base):
    """Something a person of Ayllu must look at. Open until `closed_at`; `taken_by` is the operator who looks after it,
    the note what was done about it."""

    __tablename__ = "operator_case"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    data_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    taken_by: Mapped[int | None]
    closed_by: Mapped[int | None]
    note_sealed: Mapped[bytes | None]

    __table_args__ = (
        Index("ix_operator_case_open", "created_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_operator_case_contact_id", "contact_id"),
    )


BANDS_PER_DEGREE = 100
"""Of latitude: a band is 1.1 km high."""
_MATCHED_BY = (
    "id", "lat", "kind", "min_months", "max_months", "days", "open_week", "places_free", "paused_until", "demo",
    "phone_key", "verified_until",
)  # fmt: skip
"""What is looked at to tell who fits: in the index beside the place, so that rows of others are not read."""


class Provider(Base):
    """One who cares for children. Shown to a parent only once `verified_at` is set, and until `verified_until`, when
    the first of their checks is over; since `ready_at` all that they need is checked, and nobody confirmed it. These
    are written by bot/store/checks.py alone. `open_week` are the minutes of the week, from Monday's midnight to the
    end of the next Monday, at which they are open. `name_words` is what they are found by."""

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
    lat_band: Mapped[int] = mapped_column(
        SmallInteger, Computed(f"CAST(floor(lat * {BANDS_PER_DEGREE}) AS smallint)")
    )
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
    verified_until: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    quote: Mapped[str] = mapped_column(server_default="")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    name_words: Mapped[Any | None] = mapped_column(TSVECTOR, Computed("name_words(name)"), deferred=True)

    __table_args__ = (
        Index(
            "ix_provider_match",
            "lat_band",
            "lon",
            postgresql_include=list(_MATCHED_BY),
            postgresql_where=text("verified_at IS NOT NULL"),
        ),
        Index("ix_provider_phone_key", "phone_key"),
        Index("ix_provider_name_words", "name_words", postgresql_using="gin"),
        Index("ix_provider_ubigeo", "ubigeo", "id"),
        Index("ix_provider_unverified", "id", postgresql_where=text("verified_at IS NULL")),
        Index(
            "ix_provider_verified_until",
            "verified_until",
            "id",
            postgresql_where=text("verified_at IS NOT NULL"),
        ),
        Index("ix_provider_ready_at", "ready_at", "id", postgresql_where=text("ready_at IS NOT NULL")),
        Index("ix_provider_paused", "id", postgresql_where=text("paused_until IS NOT NULL")),
        Index("ix_provider_full", "id", postgresql_where=text("places_free = 0")),
        CheckConstraint("(verified_at IS NULL) = (verified_until IS NULL)", name="verified_has_an_end"),
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
    ELSEWHERE = "elsewhere"
    """The child is cared for, and not through us: an operator heard so."""


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
        Index("ix_care_request_created_at", "created_at"),
        Index("ix_care_request_contact_id", "contact_id"),
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
        Index(
            "ix_offer_comment_unread",
            "id",
            postgresql_where=text("comment_sealed IS NOT NULL AND comment_read_at IS NULL"),
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
    """A place with computers, internet or help. `seen_at` is when one of us last made sure that what stands here is so,
    `seen_by` their name; nobody is sent to one that has `closed_at`."""

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
    closed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None]

    __table_args__ = (Index("ix_hub_place", "lat", "lon"), Index("ix_hub_name", "name", "id"))


class Resource(Base):
    """Something to learn from. `embedding` is where its title and topics lie among meanings, `embedded_by` the model
    that placed them there: another model's places are not comparable. What is `withdrawn_at` is offered to nobody."""

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
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_resource_title", "title", "id"),)


class OperatorRow(Base):
    """Somebody who may use the console (bot/console/access): never one of those who write to us. `one_time_until` is
    set while the password is one that was given out, and must be changed; `totp_…` is their second proof, which counts
    from `totp_since` on, and `totp_step` the last half minute whose code was used, so that none is used twice."""

    __tablename__ = "operator"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    one_time_until: Mapped[datetime | None]
    totp_sealed: Mapped[bytes | None]
    totp_since: Mapped[datetime | None]
    totp_step: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]
    logged_in_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """Lets an operator in once who has lost the phone that gives their codes. Kept as a hash."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[bytes]
    used_at: Mapped[datetime | None]


class OperatorSession(Base):
    """Somebody is logged in to the console. `token_hash` is of what their browser keeps; `proven_at` is None between
    the password and the second proof."""

    __tablename__ = "operator_session"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    proven_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who saw or changed what in the console. `operator_id` is None where nobody was logged in; it is no foreign key,
    so that what was done stays known whatever becomes of the operator. `subject` names a row, `contact:12`; `detail`
    holds no number, name or text of anybody who writes to us."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    operator_id: Mapped[int | None]
    what: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")

    __table_args__ = (
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_operator_id", "operator_id", "id"),
        Index("ix_audit_entry_subject", "subject", "id"),
        Index("ix_audit_entry_what", "what", "id"),
    )


class LastLook(Base):
    """When we last looked at something that others keep, such as the carrier's list of messages."""

    __tablename__ = "last_look"

    what: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class SetAside(Base):
    """What an operator looked at and put off today's list: of this person and kind, all there was until then."""

    __tablename__ = "set_aside"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class TakenOver(Base):
    """A conversation in which a person of Ayllu answers, and not the bot: which operator has it, since when, when one
    of them last wrote, and up to which message they had read then. The row goes when it is handed back."""

    __tablename__ = "taken_over"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    operator_id: Mapped[int]
    taken_at: Mapped[datetime]
    last_word_at: Mapped[datetime]
    read_until: Mapped[int]


class CheckEnd(StrEnum):
    """Why a check counts no more."""

    REPLACED = "replaced"
    """A newer one was made."""
    TAKEN_BACK = "taken_back"
    """An operator found it wrong."""
    OVERTURNED = "overturned"
    """What was looked at changed."""


class ProviderCheck(Base):
    """Something that was looked at of a provider (matching/checks.py), by whom and on which day; it counts until the
    end of `valid_until` in Lima, unless it was ended. One of each kind is open. `by_operator` is the operator's id,
    None where a file or the command line told it. Goes with the provider."""

    __tablename__ = "provider_check"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"))
    kind: Mapped[str]
    done_on: Mapped[date]
    valid_until: Mapped[date]
    by_name: Mapped[str]
    by_operator: Mapped[int | None]
    note_sealed: Mapped[bytes | None]
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]

    __table_args__ = (
        Index(
            "uq_provider_check_open",
            "provider_id",
            "kind",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_provider_check_provider_id", "provider_id", "id"),
    )


class Upload(Base):
    """A file that an operator is about to take in, while they look at what it would change: an hour at most. It is
    found by what it was given as an address, of which only a hash is kept."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    kind: Mapped[str]
    operator_id: Mapped[int]
    name_sealed: Mapped[bytes]
    content_sealed: Mapped[bytes]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_upload_created_at", "created_at"),)


class ToLabel(Base):
    """A message that somebody shall label, as it is shown: without names, numbers and addresses. `sampled`: it was
    drawn at random from all messages; else the model was unsure of it. `intent`, `confidence` and `spans` ([slot,
    start, end]) are the model's; `wanted` is how many people shall label it, `opinions` how many did. Once it is as old
    as messages are kept, text, person and message go, and what was right or wrong stays, nobody's any more."""

    __tablename__ = "to_label"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    inbound_id: Mapped[int | None] = mapped_column(unique=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    sampled: Mapped[bool]
    text_sealed: Mapped[bytes]
    intent: Mapped[str]
    confidence: Mapped[float]
    spans: Mapped[list[Any]] = mapped_column(JSONB)
    wanted: Mapped[int]
    opinions: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (Index("ix_to_label_open", "id", postgresql_where=text("opinions < wanted")),)


class Label(Base):
    """What one operator said of one message: `verdict` is labelled, unclear or skipped (bot/store/labels.py), `spans`
    are places in the text that was shown. `operator_id` is no foreign key: what was labelled stays."""

    __tablename__ = "label"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    to_label_id: Mapped[int] = mapped_column(ForeignKey("to_label.id", ondelete="CASCADE"))
    operator_id: Mapped[int]
    verdict: Mapped[str]
    intent: Mapped[str | None]
    spans: Mapped[list[Any] | None] = mapped_column(JSONB)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("to_label_id", "operator_id"),)


class Counted(Base):
    """How a family was counted in a quarter, so that it is counted once, and anew when it comes further.
    `quarter_ends` is the first day that is no longer of the quarter."""

    __tablename__ = "counted"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    quarter_ends: Mapped[date] = mapped_column(index=True)
    facts_sealed: Mapped[bytes]

    __table_args__ = (UniqueConstraint("contact_id", "quarter_ends"),)


class Tally(Base):
    """How many families there were, of nobody in particular: by the quarter and the week (its Monday) in which they
    first asked, where (empty: not known), the age of their youngest child (likewise), and `what` became of it
    (bot/counting/families.py)."""

    __tablename__ = "tally"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    quarter: Mapped[date]
    week: Mapped[date]
    ubigeo: Mapped[str]
    age: Mapped[str]
    what: Mapped[str]
    families: Mapped[int]

    __table_args__ = (UniqueConstraint("quarter", "week", "ubigeo", "age", "what"),)


class MessageTally(Base):
    """How many messages of a week (its Monday) went to, or came from, people of a region (two digits; empty: not
    known), and what they cost, in millionths of a US dollar. `people` is how many are behind it, `replies` how many of
    the messages were free-form replies on WhatsApp. `status` is one of bot/counting/traffic.py."""

    __tablename__ = "message_tally"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    week: Mapped[date]
    region: Mapped[str]
    channel: Mapped[str]
    status: Mapped[str]
    messages: Mapped[int]
    segments: Mapped[int]
    people: Mapped[int]
    replies: Mapped[int]
    cost_micros: Mapped[int]

    __table_args__ = (UniqueConstraint("week", "region", "channel", "status"),)
