"""Runs in stock Rasa's environment: a model and a JSON list of texts in, a JSON list of [parse, milliseconds] out."""

import asyncio
import json
import sys
import time

from rasa.core.agent import Agent

ENOUGH = ("intent", "intent_ranking", "entities")


async def parse(model: str, texts: list) -> list:
    agent = Agent.load(model)
    await agent.parse_message("你好")
    found = []
    for text in texts:
        began = time.perf_counter()
        parsed = await agent.parse_message(text)
        took = (time.perf_counter() - began) * 1000
        found.append([{key: parsed[key] for key in ENOUGH if key in parsed}, took])
    return found


if __name__ == "__main__":
    model, source, target = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        texts = json.load(file)
    found = asyncio.run(parse(model, texts))
    with open(target, "w", encoding="utf-8") as file:
        json.dump(found, file, ensure_ascii=False, default=float)
