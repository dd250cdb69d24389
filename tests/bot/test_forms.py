"""The carrier's fields, as they come and as they should not."""

import pytest

from bot.forms import MAX_TEXT, FormError, read_inbound, read_status
from bot.messages import Channel

WHATSAPP = {"MessageSid": "SM1", "From": "whatsapp:+51987654321", "Body": "hola", "NumMedia": "0"}


def test_a_whatsapp_message_is_told_from_an_sms_by_its_sender() -> None:
    assert read_inbound(WHATSAPP).channel is Channel.WHATSAPP
    assert read_inbound(WHATSAPP | {"From": "+51987654321"}).channel is Channel.SMS


def test_both_channels_of_one_number_are_one_address() -> None:
    assert read_inbound(WHATSAPP).address == read_inbound(WHATSAPP | {"From": "+51987654321"}).address


def test_a_whatsapp_sender_without_a_number_has_its_id_as_address() -> None:
    assert read_inbound(WHATSAPP | {"From": "whatsapp:PE.1234567890"}).address == "PE.1234567890"


def test_a_pin_is_read_in_degrees() -> None:
    assert read_inbound(WHATSAPP | {"Latitude": "-11.9", "Longitude": "-77.03"}).pin == (-11.9, -77.03)


def test_a_button_counts_as_its_text() -> None:
    form = {**WHATSAPP, "Body": "", "ButtonText": "Sí, confirmo", "ButtonPayload": "yes"}
    assert (read_inbound(form).text, read_inbound(form).payload) == ("Sí, confirmo", "yes")


@pytest.mark.parametrize(
    ("tapped", "text"),
    [
        ({"Body": "Sí", "ButtonText": "Sí", "ButtonPayload": "yes"}, "Sí"),
        ({"Body": " ", "ButtonText": "Sí", "ButtonPayload": "yes"}, "Sí"),
        ({"Body": "", "ButtonPayload": "hola"}, "hola"),
        ({"Body": "", "ListTitle": "Comas", "ListId": "150110"}, "Comas"),
        ({"Body": "", "ListId": "comas"}, "comas"),
    ],
)
def test_what_was_tapped_counts_as_its_text(tapped: dict[str, str], text: str) -> None:
    assert read_inbound(WHATSAPP | tapped).text == text


def test_fields_nobody_knows_are_ignored() -> None:
    assert read_inbound(WHATSAPP | {"BrandNewField": "x" * 1000}).text == "hola"


def test_what_a_database_cannot_hold_is_left_out_of_the_text() -> None:
    assert read_inbound(WHATSAPP | {"Body": "ho\x00la\ud800"}).text == "hola"


def test_a_text_is_cut_at_what_a_message_can_hold() -> None:
    assert len(read_inbound(WHATSAPP | {"Body": "a" * 5000}).text) == MAX_TEXT


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"MessageSid": ""}, "MessageSid"),
        ({"MessageSid": "SM 1; drop"}, "MessageSid"),
        ({"From": ""}, "From"),
        ({"From": "whatsapp:"}, "From"),
        ({"From": "987654321"}, "From"),
        ({"NumMedia": "many"}, "NumMedia"),
        ({"NumMedia": "-1"}, "NumMedia"),
        ({"Latitude": "north", "Longitude": "1"}, "Latitude"),
        ({"Latitude": "nan", "Longitude": "1"}, "Latitude"),
        ({"Latitude": "-12"}, "Latitude"),
        ({"Latitude": "-120", "Longitude": "0"}, "Latitude"),
    ],
)
def test_an_absurd_field_is_refused_by_name(change: dict[str, str], named: str) -> None:
    with pytest.raises(FormError, match=named):
        read_inbound(WHATSAPP | change)


def test_a_status_is_read_from_either_of_its_names() -> None:
    assert read_status({"SmsSid": "SM1", "SmsStatus": "Delivered"}).status == "delivered"
    assert (
        read_status({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "63016"}).error_code
        == 63016
    )


def test_a_status_without_a_word_is_refused() -> None:
    with pytest.raises(FormError, match="MessageStatus"):
        read_status({"MessageSid": "SM1"})
