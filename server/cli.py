"""The `suda` command. Each subcommand is a thin door to a part; nothing is decided here."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

from server.settings import Settings, SettingsError, load_settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    arguments = _parser().parse_args(argv)
    try:
        settings = load_settings()
    except SettingsError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    from server import logs

    logs.set_up(settings.log_level, settings.log_format)
    try:
        return int(arguments.run(settings, arguments) or 0)
    except SettingsError as wrong:
        print(wrong, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="suda", description="诉达: the complaint-intake assistant")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="run everything (or some roles) until Ctrl-C")
    serve.add_argument("--roles", default="web,bot,courier", help="web,bot,courier (default: all)")
    serve.add_argument("--prepare", action="store_true", help="migrate and train first, make a first admin")
    serve.set_defaults(run=_serve)

    role = commands.add_parser("role")  # what the supervisor starts; not for people
    role.add_argument("role", choices=["web", "bot", "courier"])
    role.add_argument("--no-courier", action="store_true")
    role.add_argument("--socket", type=int, help="the inherited listening socket")
    role.set_defaults(run=_role)

    db = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="COMMAND")
    db.add_parser("upgrade", help="migrate to the newest version").set_defaults(run=_db_upgrade)
    revise = db.add_parser("revise", help="write a migration from the tables in code (for developers)")
    revise.add_argument("message")
    revise.set_defaults(run=_db_revise)

    agent = commands.add_parser("agent", help="people who work in the console")
    agents = agent.add_subparsers(required=True, metavar="COMMAND")
    add = agents.add_parser("add", help="add one; the password is asked for")
    add.add_argument("login")
    add.add_argument("--name", required=True, help="the display name that complainants see")
    add.add_argument("--role", default="agent", choices=["agent", "supervisor", "auditor", "admin"])
    add.add_argument("--team", help="the team whose cases are given to him")
    add.set_defaults(run=_agent_add)
    agents.add_parser("list", help="list all").set_defaults(run=_agent_list)
    for name, runner in (("disable", _agent_disable), ("passwd", _agent_passwd)):
        one = agents.add_parser(name)
        one.add_argument("login")
        one.set_defaults(run=runner)

    commands.add_parser("train", help="train the model if the data changed").set_defaults(run=_train)
    commands.add_parser("shell", help="rasa shell with the actions").set_defaults(run=_shell)
    parse = commands.add_parser("parse", help="a text a line in, Rasa's parse result as a JSON line each out")
    parse.add_argument("--at", help="the time that relative dates refer to (ISO 8601; default: now)")
    parse.set_defaults(run=_parse)

    case = commands.add_parser("case", help="cases").add_subparsers(required=True, metavar="COMMAND")
    show = case.add_parser("show", help="one case with its timeline")
    show.add_argument("number")
    show.set_defaults(run=_case_show)

    outbox = commands.add_parser("outbox", help="messages that are not delivered")
    outboxes = outbox.add_subparsers(required=True, metavar="COMMAND")
    outboxes.add_parser("list", help="what waits or failed, and why").set_defaults(run=_outbox_list)
    retry = outboxes.add_parser("retry", help="try failed messages again")
    retry.add_argument("ids", nargs="*", type=int, help="ids from the list (default: all failed)")
    retry.set_defaults(run=_outbox_retry)

    telegram = commands.add_parser("telegram").add_subparsers(required=True, metavar="COMMAND")
    telegram.add_parser("set-webhook", help="tell Telegram our address").set_defaults(run=_telegram_webhook)
    wechat = commands.add_parser("wechat").add_subparsers(required=True, metavar="COMMAND")
    wechat.add_parser("menu", help="put up the account's menu").set_defaults(run=_wechat_menu)
    wechat.add_parser("check", help="what the account may do, by table and by the API").set_defaults(
        run=_wechat_check
    )
    commands.add_parser("doctor", help="check everything; says how to mend").set_defaults(run=_doctor)
    return parser


def _serve(settings: Settings, arguments: argparse.Namespace) -> int:
    from server.supervisor import CANNOT_START, CannotListen, Child, listen, role_command, supervise

    roles = set(arguments.roles.split(","))
    unknown = roles - {"web", "bot", "courier"}
    if unknown:
        print(f"--roles: no role named {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    from server.policy_file import install_policy

    install_policy(settings)
    if arguments.prepare:
        status = _prepare(settings)
        if status:
            return status
    children = []
    if "web" in roles:
        without = [] if "courier" in roles else ["--no-courier"]
        try:
            listening = listen(settings)
        except CannotListen as taken:
            print(taken, file=sys.stderr)
            return CANNOT_START
        fd = listening.fileno()
        command = [*role_command("web"), *without, "--socket", str(fd)]
        children.append(Child("web", command, keep_open=(fd,)))
    if "bot" in roles:
        children.append(Child("bot", role_command("bot")))
    if "courier" in roles and "web" not in roles:
        children.append(Child("courier", role_command("courier")))
    if "web" in roles:
        print(f"诉达 is on http://{_shown_host(settings)}:{settings.port} (Ctrl-C ends it)", flush=True)
    return supervise(children)


def _shown_host(settings: Settings) -> str:
    return "localhost" if settings.binds_to_loopback else settings.host


def _prepare(settings: Settings) -> int:
    """What a fresh clone needs before it can run; nothing is done twice."""
    from cases.service import ensure_teams
    from console.accounts import ensure_first_admin
    from conversations.clock import utc_now
    from conversations.database import Database
    from server import migrate, training

    database = Database(settings.database_url)
    if migrate.upgrade(database):
        print("The database is ready.")
    try:
        training.train(settings.model_dir)
    except training.TrainingFailed as failure:
        print(f"Training failed:\n{failure}", file=sys.stderr)
        return 1
    with database.write() as session:
        ensure_teams(session)
        made = ensure_first_admin(session, utc_now())
    if made is not None:
        login, password = made
        print(f"Console: http://{_shown_host(settings)}:{settings.port}/console")
        print(
            f"First account: {login}  password: {password}  (shown this once; change it with `suda agent passwd`)"
        )
    database.dispose()
    return 0


def _role(settings: Settings, arguments: argparse.Namespace) -> int:
    from server.policy_file import install_policy

    install_policy(settings)
    if arguments.role == "bot":
        from server.bot_process import run_bots

        return run_bots(settings)
    from server.web_process import run_courier_alone, run_web

    if arguments.role == "courier":
        return run_courier_alone(settings)
    return run_web(settings, courier=not arguments.no_courier, socket_fd=arguments.socket)


def _db_upgrade(settings: Settings, _: argparse.Namespace) -> int:
    from conversations.database import Database
    from server import migrate

    done = migrate.upgrade(Database(settings.database_url))
    print("migrated" if done else "already at the newest version")
    return 0


def _db_revise(settings: Settings, arguments: argparse.Namespace) -> int:
    from conversations.database import Database
    from server import migrate

    migrate.revise(Database(settings.database_url), arguments.message)
    return 0


def _new_password() -> str | None:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip() or None
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        print("the two differ", file=sys.stderr)
        return None
    return first


def _agent_add(settings: Settings, arguments: argparse.Namespace) -> int:
    from cases.service import ensure_teams
    from console import accounts
    from conversations.clock import utc_now
    from conversations.database import Database

    password = _new_password()
    if not password:
        return 1
    with Database(settings.database_url).write() as session:
        try:
            ensure_teams(session)
            accounts.add_agent(
                session,
                arguments.login,
                arguments.name,
                arguments.role,
                password,
                now=utc_now(),
                team=arguments.team,
            )
        except accounts.AccountRefused as refused:
            print(refused, file=sys.stderr)
            return 1
    print(f"added {arguments.login}")
    return 0


def _agent_list(settings: Settings, _: argparse.Namespace) -> int:
    from console import accounts
    from conversations.database import Database

    with Database(settings.database_url).read() as session:
        for row in accounts.list_agents(session):
            state = "disabled" if row.disabled_at else "active"
            print(f"{row.login}\t{row.display_name}\t{row.role}\t{state}")
    return 0


def _agent_disable(settings: Settings, arguments: argparse.Namespace) -> int:
    from console import accounts
    from conversations.clock import utc_now
    from conversations.database import Database

    with Database(settings.database_url).write() as session:
        try:
            accounts.disable(session, arguments.login, now=utc_now())
        except accounts.AccountRefused as refused:
            print(refused, file=sys.stderr)
            return 1
    return 0


def _agent_passwd(settings: Settings, arguments: argparse.Namespace) -> int:
    from console import accounts
    from conversations.clock import utc_now
    from conversations.database import Database

    password = _new_password()
    if not password:
        return 1
    with Database(settings.database_url).write() as session:
        try:
            accounts.set_password(session, arguments.login, password, now=utc_now())
        except accounts.AccountRefused as refused:
            print(refused, file=sys.stderr)
            return 1
    return 0


def _train(settings: Settings, _: argparse.Namespace) -> int:
    from server import training

    try:
        print(training.train(settings.model_dir))
    except training.TrainingFailed as failure:
        print(f"Training failed:\n{failure}", file=sys.stderr)
        return 1
    return 0


def _shell(settings: Settings, _: argparse.Namespace) -> int:
    from server import shell

    return shell.run(settings)


def _parse(settings: Settings, arguments: argparse.Namespace) -> int:
    from server import parsing

    return parsing.parse_lines(settings, sys.stdin, sys.stdout, at=arguments.at)


def _case_show(settings: Settings, arguments: argparse.Namespace) -> int:
    from server import operator_view

    return operator_view.show_case(settings, arguments.number)


def _outbox_list(settings: Settings, _: argparse.Namespace) -> int:
    from server import operator_view

    return operator_view.list_outbox(settings)


def _outbox_retry(settings: Settings, arguments: argparse.Namespace) -> int:
    from server import operator_view

    return operator_view.retry_outbox(settings, arguments.ids)


def _telegram_webhook(settings: Settings, _: argparse.Namespace) -> int:
    from server import platform_commands

    return platform_commands.set_telegram_webhook(settings)


def _wechat_menu(settings: Settings, _: argparse.Namespace) -> int:
    from server import platform_commands

    return platform_commands.put_up_wechat_menu(settings)


def _wechat_check(settings: Settings, _: argparse.Namespace) -> int:
    from server import platform_commands

    return platform_commands.check_wechat(settings)


def _doctor(settings: Settings, _: argparse.Namespace) -> int:
    from server import doctor

    return doctor.examine(settings)


if __name__ == "__main__":
    sys.exit(main())
