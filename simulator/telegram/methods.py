"""The Bot API's methods by name: parameters in, ``result`` out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from simulator.messages import ShownMessage
from simulator.simulation import Simulation
from simulator.telegram.errors import bad_request
from simulator.telegram.files import describe_file
from simulator.telegram.objects import bot_user
from simulator.telegram.params import Params
from simulator.telegram.polling import Polling
from simulator.telegram.sending import Sending
from simulator.telegram.webhook import Webhook, WebhookSetting, checked_secret, checked_url

TYPING_SECONDS = 5.0  # core.telegram.org/bots/api#sendchataction
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

# Methods whose success the user sees: the ones that faults concern unless a rule names another.
SHOWING = frozenset({"sendmessage", "sendphoto", "senddocument", "editmessagetext", "editmessagereplymarkup"})

Result = Any
Method = Callable[[Params], Awaitable[Result]]


class BotMethods:
    """``resume``: deliver what waits; ``drop``: forget it. Names are looked up in lower case."""

    def __init__(
        self,
        simulation: Simulation,
        webhook: WebhookSetting,
        polling: Polling,
        resume: Callable[[], None],
        drop: Callable[[], None],
    ) -> None:
        self._simulation = simulation
        self._webhook = webhook
        self._polling = polling
        self._resume = resume
        self._drop = drop
        self._sending = Sending(simulation)
        self.by_name: dict[str, Method] = {
            "getme": self._get_me,
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
            "sendmessage": self._showing(self._sending.send_message),
            "sendphoto": self._showing(self._sending.send_photo),
            "senddocument": self._showing(self._sending.send_document),
            "editmessagetext": self._showing(self._sending.edit_text),
            "editmessagereplymarkup": self._showing(self._sending.edit_markup),
            "sendchataction": self._send_chat_action,
            "answercallbackquery": self._answer_callback_query,
            "getfile": self._get_file,
            "setmycommands": self._set_commands,
            "getmycommands": self._get_commands,
            "deletemycommands": self._delete_commands,
        }

    @staticmethod
    def _showing(send: Callable[[Params], ShownMessage]) -> Method:
        async def method(params: Params) -> Result:
            return send(params).wire

        return method

    async def _get_me(self, params: Params) -> Result:
        return {
            **bot_user(self._simulation.config),
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def _get_updates(self, params: Params) -> Result:
        self._webhook.allow(params.structure("allowed_updates", "can't parse allowed updates"))
        events = await self._polling.get_updates(
            params.integer("offset"), params.integer("limit", 100), params.integer("timeout")
        )
        return [json.loads(event.body) for event in events]

    async def _set_webhook(self, params: Params) -> Result:
        if not params.has("url"):
            return await self._delete_webhook(params)
        url = checked_url(params.text("url"))
        self._webhook.allow(params.structure("allowed_updates", "can't parse allowed updates"))
        connections = params.integer("max_connections", self._simulation.config.telegram_max_connections)
        self._webhook.save(
            Webhook(
                url=url,
                secret_token=checked_secret(params.text("secret_token")),
                max_connections=max(1, min(connections, 100)),
                allowed_updates=self._webhook.now.allowed_updates,
            )
        )
        self._drop_pending(params)
        self._polling.wake()
        self._resume()
        return True

    async def _delete_webhook(self, params: Params) -> Result:
        self._webhook.save(replace(self._webhook.now, url="", secret_token=""))
        self._drop_pending(params)
        return True

    def _drop_pending(self, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            self._drop()
            for event in self._simulation.ledger.pending("telegram"):
                self._simulation.ledger.settle(event, "expired")

    async def _webhook_info(self, params: Params) -> Result:
        now = self._webhook.now
        info: dict[str, Any] = {
            "url": now.url,
            "has_custom_certificate": False,
            "pending_update_count": self._simulation.ledger.unsettled("telegram"),
        }
        if now.url:
            info["max_connections"] = now.max_connections
        if now.allowed_updates:
            info["allowed_updates"] = list(now.allowed_updates)
        if now.last_error_at:
            info.update(last_error_date=now.last_error_at, last_error_message=now.last_error)
        return info

    async def _send_chat_action(self, params: Params) -> Result:
        contact = self._sending.reachable_chat(params)
        if not params.has("action"):
            raise bad_request("wrong parameter action in request")
        self._simulation.feed.typing("telegram", contact, TYPING_SECONDS)
        return True

    async def _answer_callback_query(self, params: Params) -> Result:
        press = self._simulation.store.one(
            "SELECT * FROM press WHERE id = ?", params.text("callback_query_id")
        )
        age_limit = self._simulation.config.telegram_callback_seconds
        if press is None or press["answered"] or press["at"] + age_limit < self._simulation.clock.wall():
            raise bad_request(_TOO_OLD)
        self._simulation.store.run("UPDATE press SET answered = 1 WHERE id = ?", press["id"])
        text = params.text("text")
        if text:
            if len(text) > 200:
                raise bad_request("MESSAGE_TOO_LONG")
            toast = {"text": text, "alert": params.flag("show_alert")}
            self._simulation.feed.publish("telegram", press["contact"], "toast", toast)
        return True

    async def _get_file(self, params: Params) -> Result:
        return describe_file(self._simulation.media, params.text("file_id"))

    async def _set_commands(self, params: Params) -> Result:
        commands = params.structure("commands", "can't parse commands JSON object")
        if not isinstance(commands, list):
            raise bad_request("can't parse commands JSON object")
        for command in commands:
            name = command.get("command", "") if isinstance(command, dict) else ""
            if not (
                1 <= len(name) <= 32 and name.replace("_", "").isalnum() and name.islower() and name.isascii()
            ):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._simulation.store.save_setting("telegram.commands", commands)
        return True

    async def _get_commands(self, params: Params) -> Result:
        return self._simulation.store.setting("telegram.commands", [])

    async def _delete_commands(self, params: Params) -> Result:
        self._simulation.store.save_setting("telegram.commands", [])
        return True
