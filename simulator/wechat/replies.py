"""Putting what the product said before the WeChat user: a bubble, or the grey line of a broken account."""

from __future__ import annotations

from simulator.messages import Kind, ShownMessage
from simulator.simulation import Simulation
from simulator.wechat.passive import Reply

GREY_LINE = "该公众号提供的服务出现故障，请稍后再试"

_KINDS: dict[str, Kind] = {"image": "photo", "voice": "voice", "video": "video"}


def show_reply(simulation: Simulation, openid: str, reply: Reply | None) -> ShownMessage | None:
    """``reply`` None: no answer in any try. Returns the bubble, if there is one."""
    add = simulation.messages.add
    if reply is None or reply.kind == "broken":
        return add("wechat", openid, "system", "text", GREY_LINE)
    if reply.kind == "none":
        return None
    if reply.kind in _KINDS:
        medium = simulation.media.find(reply.media_id)
        if medium is None:
            return add("wechat", openid, "system", "text", GREY_LINE)
        return add("wechat", openid, "bot", _KINDS[reply.kind], file=medium.shown())
    return add("wechat", openid, "bot", "text", reply.text)
