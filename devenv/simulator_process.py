"""A simulated Shopify store as a program of its own, and what it says of its orders."""

import json
import runpy
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from devenv.errors import DevError
from devenv.odoo_server import LOOPBACK, answers
from devenv.paths import ADDONS, LOGS, ROOT, shown
from devenv.processes import start_group, stop_group, with_environment

TOKEN = "shpat_simulator"
# The secret of the simulated app, with which it signs webhooks.
SECRET = "simulator-secret"
# A store on Shopify Plus, so that nobody has to wait: points in the bucket, points restored a second.
RATE_LIMIT = ("--bucket", 20000, "--restore-rate", 1000)
VERSION_FILE = ADDONS / "shopify_sync" / "shopify_api" / "version.py"
ORDERS = """
query Orders($after: String) {
  orders(first: 250, after: $after, sortKey: ID) {
    nodes { id name totalPriceSet { shopMoney { amount currencyCode } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@dataclass(frozen=True)
class StoreOrder:
    """An order as the store itself states it; `total` is decimal text in the store's currency."""

    id: str
    name: str
    total: str
    currency: str


class Simulator:
    """A running simulated store. The same seed, number of orders and day (ISO) give the same store.

    `journal`: the file that keeps what is done to it, so that it is as it was left when it is started again.
    """

    def __init__(
        self, python: Path, port: int, seed: int, orders: int, day: str, log_name: str, journal: Path | None = None
    ) -> None:
        self.domain = f"{LOOPBACK}:{port}"
        self.url = f"http://{self.domain}"
        LOGS.mkdir(parents=True, exist_ok=True)
        self._log = LOGS / log_name
        command = [python, "-m", "shopify_simulator", "--port", port, "--seed", seed, "--orders", orders]
        command += ["--reference", day, *RATE_LIMIT]
        if journal is not None:
            command += ["--journal", journal]
        with self._log.open("wb") as output:
            self._process = start_group(
                command,
                env=with_environment({"PYTHONUNBUFFERED": "1"}),
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_up(self, seconds: float = 120) -> None:
        """:raises DevError: the simulator ended or does not answer in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.is_up():
                tail = self._log.read_text(errors="replace").splitlines()[-15:]
                raise DevError("\n".join([*tail, f"The simulated store ended by itself ({shown(self._log)})"]))
            if answers(self.url):
                return
            time.sleep(0.1)
        raise DevError(f"The simulated store does not answer after {seconds:.0f} s (see {shown(self._log)})")

    def is_up(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        stop_group(self._process)

    def orders(self) -> list[StoreOrder]:
        """Every order of the store, asked for as any app would."""
        found: list[StoreOrder] = []
        cursor = None
        while True:
            page = self._ask(ORDERS, {"after": cursor})["orders"]
            for node in page["nodes"]:
                money = node["totalPriceSet"]["shopMoney"]
                ident = node["id"].rsplit("/", 1)[-1]
                found.append(StoreOrder(ident, node["name"], money["amount"], money["currencyCode"]))
            if not page["pageInfo"]["hasNextPage"]:
                return found
            cursor = page["pageInfo"]["endCursor"]

    def _ask(self, query: str, variables: dict, tries: int = 60) -> dict:
        version = runpy.run_path(str(VERSION_FILE))["API_VERSION"]
        request = urllib.request.Request(
            f"{self.url}/admin/api/{version}/graphql.json",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"Content-Type": "application/json", "X-Shopify-Access-Token": TOKEN},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _attempt in range(tries):
            try:
                with opener.open(request, timeout=60) as response:
                    answer = json.load(response)
            except urllib.error.URLError as error:
                raise DevError(f"The simulated store does not answer: {error}") from error
            codes = {error.get("extensions", {}).get("code") for error in answer.get("errors", ())}
            if not codes:
                return answer["data"]
            if codes != {"THROTTLED"}:
                raise DevError(f"The simulated store refuses: {answer['errors'][0]['message']}")
            time.sleep(1)
        raise DevError("The simulated store does nothing but throttle.")
