"""The demo's database and store: kept between starts, so that the same orders are never imported twice."""

import dataclasses
import hashlib
import json
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from devenv.console import step
from devenv.databases import manifests
from devenv.demo_report import Report
from devenv.environment import Environment
from devenv.errors import DevError
from devenv.odoo_server import free_port
from devenv.paths import ADDONS, LOGS, ROOT, VAR, shown
from devenv.processes import run_logged, start_group, stop_group
from devenv.simulator_process import SECRET, TOKEN, StoreOrder

SCRIPT = "from devenv import demo_script\ndemo_script.main(env)\n"


@dataclass(frozen=True)
class Session:
    """What a demo database was made for. `day` is the day of its making (ISO): the store's orders lie in the weeks
    before, on whatever day it is started again. `code` tells the addons' state that is installed."""

    orders: int
    seed: int
    port: int
    day: str
    code: str


def session_file(database: str) -> Path:
    return VAR / "demo" / f"{database}.json"


def journal_file(database: str) -> Path:
    """What people did to the demo's store; it goes when another store is made."""
    return VAR / "demo" / f"{database}-store.jsonl"


def load(database: str) -> Session | None:
    """The session of a demo database; None when there is none, or none this version can read."""
    with suppress(OSError, ValueError, TypeError):
        return Session(**json.loads(session_file(database).read_text()))
    return None


def prepare(env: Environment, database: str, orders: int, seed: int) -> Session:
    """A database for this store: the one of last time when it was the same store, else a new one."""
    code = code_digest(ADDONS)
    session = load(database)
    if session and (session.orders, session.seed) == (orders, seed) and env.databases.exists(database):
        if session.code != code:
            with step("Bringing the demo database to the addons' present state"):
                _install(env, database, "--update")
        session = dataclasses.replace(session, port=free_port(session.port), code=code)
    else:
        session_file(database).unlink(missing_ok=True)
        journal_file(database).unlink(missing_ok=True)
        env.databases.drop(database)
        template = env.databases.template()
        with step("Making the demo database"):
            env.databases.copy(template, database)
            _install(env, database, "--init")
        day = datetime.now(timezone.utc).date().isoformat()
        session = Session(orders, seed, free_port(), day, code)
    session_file(database).parent.mkdir(parents=True, exist_ok=True)
    session_file(database).write_text(json.dumps(dataclasses.asdict(session)))
    return session


def code_digest(addons: Path) -> str:
    """A digest of every file of the addons that Odoo loads."""
    digest = hashlib.sha256()
    for path in sorted(addons.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(addons)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def run_in_odoo(
    env: Environment,
    database: str,
    domain: str,
    orders: Sequence[StoreOrder],
    odoo_url: str | None,
    on_progress: Callable[[int], None],
) -> Report:
    """Connect the store, import its orders and report, in an Odoo process of its own.

    :param odoo_url: where Odoo listens: schedules and webhooks are switched on; None: they stay off
    :raises DevError: the import did not come to its end.
    """
    wanted = {
        "domain": domain,
        "token": TOKEN,
        "secret": SECRET,
        "orders": [dataclasses.asdict(order) for order in orders],
        "odoo_url": odoo_url,
    }
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"import-{database}.log"
    request = VAR / "demo" / f"{database}-request.json"
    request.write_text(json.dumps(wanted))
    with log.open("wb") as errors:
        process = start_group(
            env.odoo.shell_command(database),
            env={**env.odoo.variables, "SHOPIFY_DEMO": str(request)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            process.stdin.write(SCRIPT)
            process.stdin.close()
            outcome = _follow(process, on_progress)
        finally:
            stop_group(process, seconds=2)  # it may die at any moment: nothing is lost or doubled
    if "report" not in outcome:
        tail = log.read_text(errors="replace").splitlines()[-15:]
        reason = outcome.get("error") or "\n".join([*tail, "The import ended before its end"])
        raise DevError(f"{reason} (all of it: {shown(log)})")
    return Report(**outcome["report"])


def _follow(process: subprocess.Popen, on_progress: Callable[[int], None]) -> dict:
    outcome = {}
    for line in process.stdout:
        if not line.startswith("{"):
            continue
        message = json.loads(line)
        if "done" in message:
            on_progress(message["done"])
        else:
            outcome = message
    process.wait()
    return outcome


def _install(env: Environment, database: str, how: str) -> None:
    command = env.odoo.command("--database", database, how, ",".join(sorted(manifests(ADDONS))), "--stop-after-init")
    hint = "Odoo could not install the addons in the demo database"
    run_logged([*command, "--no-http"], f"install-{database}.log", hint, env=env.odoo.variables, cwd=ROOT)
