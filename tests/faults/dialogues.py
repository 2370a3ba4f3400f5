"""People who complain while things break: each says his lines and waits for the answer that fits.

An answer counts when it holds the expected words; one that comes twice does no harm. The lines need no choice by number,
so a person who does not wait is understood, too.
"""

from __future__ import annotations

import asyncio
import io
import random
from dataclasses import dataclass, field

import httpx
from PIL import Image

ANSWER_SECONDS = 150.0


@dataclass(frozen=True)
class Line:
    """What is said (or sent), and words of the answer that must come before the next line; None: do not wait."""

    says: str
    expects: str | None
    photo: bool = False


def complaint(order_no: str, *, photo: bool) -> list[Line]:
    """A whole complaint, from the first word to the number."""
    evidence = [Line("", "收到", photo=True), Line("发完了", "核对")] if photo else [Line("没有", "核对")]
    return [
        Line("我要投诉", "哪一类"),
        Line("商品质量", "怎么发生|什么时候|哪里|什么情况|经过"),
        Line("上周在网上买的电饭煲，插上电就跳闸，煮饭煮到一半自己断电", "订单号"),
        Line(order_no, "照片|文件|证据"),
        *evidence,
        Line("确认提交", "TS"),
    ]


@dataclass
class Person:
    """One contact of one platform with his lines."""

    channel: str
    contact: str
    lines: list[Line]
    finished: bool = False
    stuck_at: str | None = None
    shown: list[str] = field(default_factory=list)

    async def talk(self, http: httpx.AsyncClient, base: str) -> None:
        """Say all lines. Ends with `finished`, or with `stuck_at` naming the line whose answer never came."""
        for line in self.lines:
            before = len(await self._bot_texts(http, base))
            await self._say(http, base, line)
            if line.expects is not None and not await self._answered(http, base, line.expects, before):
                self.stuck_at = line.says or "photo"
                self.shown = await self._bot_texts(http, base)
                return
        self.finished = True

    async def _say(self, http: httpx.AsyncClient, base: str, line: Line) -> None:
        where = f"{base}/playground/api/{self.channel}"
        who = {"contact": self.contact}
        if line.photo:
            files = {"files": ("order.png", picture(self.contact), "image/png")}
            answer = await http.post(f"{where}/upload", params=who, data={"kind": "photo"}, files=files)
        else:
            answer = await http.post(f"{where}/text", params=who, json={"text": line.says})
        answer.raise_for_status()

    async def _answered(self, http: httpx.AsyncClient, base: str, expects: str, before: int) -> bool:
        deadline = asyncio.get_running_loop().time() + ANSWER_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            fresh = (await self._bot_texts(http, base))[before:]
            if any(word in text for text in fresh for word in expects.split("|")):
                return True
            await asyncio.sleep(0.15)
        return False

    async def _bot_texts(self, http: httpx.AsyncClient, base: str) -> list[str]:
        answer = await http.get(
            f"{base}/playground/api/{self.channel}/messages", params={"contact": self.contact}
        )
        return [m["text"] for m in answer.json()["messages"] if m["from"] == "bot"]


def picture(seed: str) -> bytes:
    """A small picture that no other person has."""
    colours = random.Random(seed)
    image = Image.new("RGB", (64, 48), tuple(colours.randrange(256) for _ in range(3)))
    for _ in range(40):
        image.putpixel((colours.randrange(64), colours.randrange(48)), (0, 0, colours.randrange(256)))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def people(count: int, seed: int) -> list[Person]:
    """`count` people on both platforms, every third with a photo."""
    chosen = random.Random(seed)
    found = []
    for number in range(count):
        channel = "telegram" if number % 2 == 0 else "wechat"
        contact = str(700_000_000 + number) if channel == "telegram" else f"oFault_{number:024d}"
        order_no = "".join(chosen.choice("0123456789") for _ in range(15))
        found.append(Person(channel, contact, complaint(order_no, photo=number % 3 == 0)))
    return found


async def talk_all(persons: list[Person], base: str, *, at_once: int) -> None:
    """Let all talk, so many at a time."""
    gate = asyncio.Semaphore(at_once)
    # The stand-ins' server closes a connection that is quiet for 5 s: a request sent just then would be cut off.
    limits = httpx.Limits(max_connections=at_once * 2, keepalive_expiry=2.0)
    async with httpx.AsyncClient(timeout=60, limits=limits) as http:

        async def one(person: Person) -> None:
            async with gate:
                await person.talk(http, base)

        await asyncio.gather(*(one(person) for person in persons))
