"""Pushing messages and events to the product's URL, as WeChat does it.

A push waits five seconds for an answer and is made three times in all, with the same MsgId; pushes of one
user are not kept in order by waiting for each other. The first answer in time wins and is shown once. After
the last failure, and at once for an answer that is neither empty, "success" nor a reply, the user sees the
grey line.

How soon a try follows one whose connection was refused is not documented; here ``wechat_retry_seconds``
says. An HTTP status other than 2xx counts as no answer.

Fault ``duplicate``: the first answer is lost on its way, so the platform tries again though the product has
answered; ``late_duplicate``: one more push long after the answer, which shows nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import urlencode

from simulator.bursts import Bursts
from simulator.ledger import Cause, Event
from simulator.messages import ShownMessage
from simulator.simulation import Simulation
from simulator.webhook_client import Unanswered
from simulator.wechat.envelope import Envelope, signature
from simulator.wechat.passive import Reply, read_reply
from simulator.wechat.replies import show_reply
from simulator.wechat.xml import element

_LIVES_SECONDS = 60.0


class Push:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        config = simulation.config
        self._envelope = (
            Envelope(config.wechat_aes_key, config.wechat_app_id) if config.wechat_aes_key else None
        )
        self._slots = asyncio.Semaphore(config.wechat_max_connections)
        self._bursts = Bursts(simulation, "wechat", lambda event, alone: self._start(event))
        self._generation = 0
        self.copies_under_way = 0

    def announce(
        self,
        external_id: str,
        openid: str,
        kind: str,
        xml: str,
        *,
        text: str,
        message: ShownMessage | None = None,
    ) -> None:
        """Push ``xml``; ``kind`` and ``text`` go to the ledger, ``message`` is the bubble it came from."""
        rule = self._bursts.rule(openid)
        event = self._simulation.ledger.open_event(
            "wechat", external_id, openid, kind, text, xml,
            message=message.id if message else None, lane=openid, lives_seconds=_LIVES_SECONDS,
            state="held" if rule else "pending",
        )  # fmt: skip
        if rule is not None:
            self._bursts.keep(event, rule)
        else:
            self._start(event)

    def resume(self) -> None:
        """After a restart: what is still young is pushed, the rest has failed, as it would have meanwhile."""
        self._simulation.ledger.release_all("wechat")
        for event in self._simulation.ledger.pending("wechat"):
            if event.expires_at < self._simulation.clock.wall():
                self._simulation.ledger.settle(event, "failed")
            else:
                self._start(event)

    def forget(self) -> None:
        self._generation += 1
        self._bursts.forget()

    def _start(self, event: Event) -> None:
        self._simulation.spawn(self._deliver(event, self._generation), f"wechat push {event.external_id}")

    async def _deliver(self, event: Event, generation: int) -> None:
        config = self._simulation.config
        faults = self._simulation.faults
        if not config.wechat_webhook:
            # No URL is set in the account's settings: the platform keeps messages to itself.
            self._simulation.ledger.settle(event, "delivered")
            return
        lose_answer = faults.delivery("wechat", event.contact, "duplicate") is not None
        late = faults.delivery("wechat", event.contact, "late_duplicate")
        reply: Reply | None = None
        async with self._slots:
            # A copy made because an answer was lost on the way comes on top of the platform's own tries.
            tries = config.wechat_tries + (1 if lose_answer else 0)
            for number in range(tries):
                cause: Cause = "first" if number == 0 else "retry"
                if number == 1 and lose_answer:
                    cause = "duplicate"
                began = self._simulation.clock.wall()
                reply = await self._try(event, cause)
                if reply is not None and not (lose_answer and number == 0):
                    break
                failed_early = (
                    reply is None and self._simulation.clock.wall() - began < config.wechat_try_seconds
                )
                if failed_early and number + 1 < tries:
                    await self._simulation.hold(config.wechat_retry_seconds)
        if generation != self._generation or self._simulation.stopping:
            return
        if late is not None:
            self.copies_under_way += 1
            self._simulation.spawn(self._again(event, late.seconds), f"late copy of {event.external_id}")
        self._simulation.ledger.settle(event, "failed" if reply is None else "delivered")
        show_reply(self._simulation, event.contact, reply)

    async def _again(self, event: Event, seconds: float) -> None:
        try:
            await self._simulation.hold(seconds)
            for _ in range(self._simulation.config.wechat_tries):
                if self._simulation.stopping or await self._try(event, "late_duplicate") is not None:
                    return
                await self._simulation.hold(self._simulation.config.wechat_retry_seconds)
        finally:
            self.copies_under_way -= 1

    async def _try(self, event: Event, cause: Cause) -> Reply | None:
        """One push; None: no usable answer in time."""
        config = self._simulation.config
        url, body = self._signed(event)
        started = self._simulation.clock.wall()
        record = self._simulation.ledger.record_delivery
        try:
            answer = await self._simulation.webhooks.request(
                "POST", url, config.wechat_try_seconds, body.encode(), {"Content-Type": "text/xml"}
            )
        except Unanswered as error:
            record("wechat", event.external_id, cause, started, 0, str(error))
            return None
        reply = read_reply(
            answer.text, event.contact, config.wechat_original_id, config.wechat_token, self._envelope
        )
        said = answer.text[:200] if reply.kind == "broken" else (reply.text or reply.media_id)
        record("wechat", event.external_id, cause, started, answer.status, said)
        return reply if answer.is_success else None

    def _signed(self, event: Event) -> tuple[str, str]:
        """The URL with its signature parameters, and the body, sealed in AES mode."""
        config = self._simulation.config
        timestamp, nonce = str(int(self._simulation.clock.wall())), str(secrets.randbelow(2**31))
        query = {
            "signature": signature(config.wechat_token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": event.contact,
        }
        body = event.body
        if self._envelope is not None:
            sealed = self._envelope.seal(event.body)
            query["encrypt_type"] = "aes"
            query["msg_signature"] = signature(config.wechat_token, timestamp, nonce, sealed)
            body = element("xml", {"ToUserName": config.wechat_original_id, "Encrypt": sealed})
        return self._with(query), body

    def _with(self, query: dict[str, str]) -> str:
        url = self._simulation.config.wechat_webhook
        return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"

    async def verify(self) -> dict[str, object]:
        """The check made when a URL is entered in the account's settings: the product must echo ``echostr``.

        Source: developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html. In AES
        mode, too, the parameters are those of plain mode.
        """
        config = self._simulation.config
        timestamp, nonce = str(int(self._simulation.clock.wall())), str(secrets.randbelow(2**31))
        echo = str(secrets.randbits(62))
        query = {
            "signature": signature(config.wechat_token, timestamp, nonce),
            "echostr": echo,
            "timestamp": timestamp,
            "nonce": nonce,
        }
        started = self._simulation.clock.wall()
        try:
            answer = await self._simulation.webhooks.request(
                "GET", self._with(query), config.wechat_try_seconds
            )
        except Unanswered as error:
            return {"ok": False, "status": 0, "reason": str(error)}
        self._simulation.ledger.record_delivery("wechat", "", "verify", started, answer.status, "")
        ok = answer.is_success and answer.text == echo
        return {"ok": ok, "status": answer.status, "reason": "" if ok else "echostr not returned as it was"}
