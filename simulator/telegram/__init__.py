"""Stand-in for the Telegram Bot API, after core.telegram.org/bots/api and the open-source Bot API server's
wording.

Private chats only. Nothing here is taken from a client library, so that a client's mistakes are not repeated.
"""
