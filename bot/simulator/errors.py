"""Twilio's errors, with its numbers and words (https://www.twilio.com/docs/api/errors)."""

from __future__ import annotations

MESSAGES: dict[int, str] = {
    20001: "The request is not valid: {detail}",
    20003: "Authenticate",
    20404: "The requested resource {detail} was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21211: "The 'To' number {detail} is not a valid phone number.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number {detail} is not a valid, message-capable Twilio phone number.",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number {detail} is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21655: "The ContentSid {detail} is invalid.",
    21656: "The ContentVariables parameter is invalid.",
    21910: "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30008: "Unknown error",
    63003: "Channel could not find To address",
    63007: "Twilio could not find a Channel with the specified From address",
    63016: (
        "Failed to send freeform message because you are outside the allowed window. "
        "If you are using WhatsApp, please use a Message Template."
    ),
    63018: "Rate limit exceeded for Channel",
    63024: "Invalid message recipient",
}

HTTP_STATUS: dict[int, int] = {20003: 401, 20404: 404, 20429: 429, 20500: 500}
"""Where it is not 400."""


class RestError(Exception):
    """A request that the carrier refuses, as its answer to the bot."""

    def __init__(self, code: int, detail: str = "") -> None:
        self.code = code
        self.status = HTTP_STATUS.get(code, 400)
        self.message = MESSAGES[code].format(detail=detail)
        super().__init__(f"{code}: {self.message}")

    @property
    def body(self) -> dict[str, str | int]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
