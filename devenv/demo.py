"""./dev demo: a simulated Shopify store, an Odoo connected to it, and its orders arriving."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from devenv import demo_session, environment, locks
from devenv.console import ProgressBar, say, step, table
from devenv.demo_report import Report
from devenv.environment import Environment
from devenv.errors import DevError
from devenv.odoo_server import OdooServer
from devenv.paths import LOCKS
from devenv.simulator_process import SECRET, TOKEN, Simulator

SIGN_IN = "admin, password admin"
APP = "/odoo/shopify-dashboard"  # Odoo alone opens its chat


def run(database: str, orders: int, seed: int, once: bool, json_file: Path | None, by_hand: bool = False) -> int:
    """Show the demo until Ctrl-C, or import once and report.

    :param by_hand: connect nothing: that is for the person who tries it
    :return: exit code: for `once` 0 only when every order is accounted for and every total equal.
    :raises DevError: another demo uses the database, or something does not start.
    """
    with running(database, orders, seed, serve=not once) as demo:
        if once:
            report = _import(demo, None)
            if json_file:
                json_file.write_text(json.dumps(report.as_json(), indent=2) + "\n")
            return 0 if report.complete else 1
        store = f"{demo.simulator.url}/admin  (place, ship, refund orders there; permanent token {TOKEN})"
        say(table([("Odoo", f"{demo.server.url}{APP}  (sign in as {SIGN_IN})"), ("Simulated store", store)]))
        if by_hand:
            say(
                f"The store is not connected yet. In Odoo: Connect a store, with the address {demo.simulator.domain} and "
                f"the permanent token {TOKEN}; the signing secret is {SECRET}. Stop with Ctrl-C."
            )
            return _wait(demo.server, demo.simulator)
        _import(demo, demo.server.url)
        say(
            "Schedules and webhooks are on: what changes in the store arrives by itself within seconds, and what changes in "
            "Odoo reaches the store. Stop with Ctrl-C."
        )
        return _wait(demo.server, demo.simulator)


@dataclass(frozen=True)
class Demo:
    """A demo that runs. `server` is None when only an import is wanted."""

    env: Environment
    database: str
    simulator: Simulator
    server: OdooServer | None


@contextmanager
def running(database: str, orders: int, seed: int, serve: bool = True) -> Iterator[Demo]:
    """Start the simulated store and Odoo, whose database is made when it is not there; stop both at the end.

    :raises DevError: another demo uses the database, or something does not start.
    """
    with ExitStack() as stack:
        stack.enter_context(_alone(database))
        env = stack.enter_context(environment.ready())
        session = demo_session.prepare(env, database, orders, seed)
        journal = demo_session.journal_file(database)
        log = f"simulator-{database}.log"
        simulator = Simulator(env.python, session.port, seed, orders, session.day, log, journal)
        stack.callback(simulator.stop)
        simulator.wait_until_up()
        server = None
        if serve:
            server = OdooServer(env.odoo, database)
            stack.callback(server.stop)
            server.wait_until_up()
        yield Demo(env, database, simulator, server)


def import_quietly(demo: Demo) -> Report:
    """Connect the store, import what it holds, switch schedules and webhooks on."""
    with step("Importing the store's orders"):
        orders = demo.simulator.orders()
        url = demo.server.url if demo.server else None
        return demo_session.run_in_odoo(demo.env, demo.database, demo.simulator.domain, orders, url, lambda _done: None)


def _import(demo: Demo, odoo_url: str | None) -> Report:
    orders = demo.simulator.orders()
    bar = ProgressBar("Orders", len(orders))
    report = demo_session.run_in_odoo(demo.env, demo.database, demo.simulator.domain, orders, odoo_url, bar.update)
    bar.close()
    say(report.as_text())
    return report


def _wait(server: OdooServer, simulator: Simulator) -> int:
    try:
        while server.is_up() and simulator.is_up():
            time.sleep(1)
    except KeyboardInterrupt:
        say("\nStopping.")
        return 0
    raise DevError("Odoo or the simulated store ended by itself: see var/log.")


@contextmanager
def _alone(database: str):
    with locks.open_lock(LOCKS / f"demo-{database}.lock") as handle:
        if not locks.try_exclusive(handle):
            raise DevError(f"Another ./dev demo uses the database {database!r}. Stop it with Ctrl-C first.")
        yield
