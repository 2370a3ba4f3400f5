"""``python -m simulator``: the stand-ins as a process of their own, which outlives the product."""

from __future__ import annotations

import argparse

import uvicorn

from simulator.app import create_simulator
from simulator.config import ACCOUNTS, MEMORY, SimulatorConfig


def _parser() -> argparse.ArgumentParser:
    default = SimulatorConfig()
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=8100)
    add("--state", default=MEMORY, help="SQLite file; default: in memory")
    add("--public-url", default="", help="where the product reaches this process; default: http://HOST:PORT")
    add("--telegram-token", default=default.telegram_token)
    add("--telegram-webhook", default="", help="set at start; empty: what the product sets, or long polling")
    add("--telegram-secret", default="")
    add("--telegram-limits", action="store_true", help="enforce the Bot API's pace with 429")
    add("--telegram-max-connections", type=int, default=default.telegram_max_connections)
    add("--telegram-backoff", type=float, default=default.telegram_backoff_seconds, metavar="SECONDS")
    add("--telegram-backoff-max", type=float, default=default.telegram_backoff_max_seconds, metavar="SECONDS")
    add("--wechat-webhook", default="")
    add("--wechat-token", default=default.wechat_token)
    add("--wechat-app-id", default=default.wechat_app_id)
    add("--wechat-app-secret", default=default.wechat_app_secret)
    add("--wechat-aes-key", default="", help="43 characters: AES mode")
    add("--wechat-account", choices=ACCOUNTS, default=default.wechat_account)
    add("--wechat-tries", type=int, default=default.wechat_tries)
    add("--wechat-try", type=float, default=default.wechat_try_seconds, metavar="SECONDS")
    add("--wechat-retry", type=float, default=default.wechat_retry_seconds, metavar="SECONDS")
    add(
        "--clock-offset",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="windows and quotas run ahead by so much",
    )
    return parser


def config_from(arguments: argparse.Namespace) -> SimulatorConfig:
    return SimulatorConfig(
        state=arguments.state,
        public_url=arguments.public_url or f"http://{arguments.host}:{arguments.port}",
        telegram_token=arguments.telegram_token,
        telegram_webhook=arguments.telegram_webhook,
        telegram_secret=arguments.telegram_secret,
        telegram_limits=arguments.telegram_limits,
        telegram_max_connections=arguments.telegram_max_connections,
        telegram_backoff_seconds=arguments.telegram_backoff,
        telegram_backoff_max_seconds=arguments.telegram_backoff_max,
        wechat_webhook=arguments.wechat_webhook,
        wechat_token=arguments.wechat_token,
        wechat_app_id=arguments.wechat_app_id,
        wechat_app_secret=arguments.wechat_app_secret,
        wechat_aes_key=arguments.wechat_aes_key,
        wechat_account=arguments.wechat_account,
        wechat_tries=arguments.wechat_tries,
        wechat_try_seconds=arguments.wechat_try,
        wechat_retry_seconds=arguments.wechat_retry,
        clock_offset_seconds=arguments.clock_offset,
    )


def main(argv: list[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    uvicorn.run(
        create_simulator(config_from(arguments)),
        host=arguments.host,
        port=arguments.port,
        log_level="warning",
        access_log=False,
        ws="none",
        # Open event streams would keep the server from ending.
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
