"""A carrier on this machine: it speaks the part of Twilio's API that the bot uses, and has phones in the
browser.

`app.create_simulator` builds it, `server.serve` runs it, `chat.chat` is a phone in a terminal. No message
leaves the machine: what is sent to a number ends on a phone of the page.
"""
