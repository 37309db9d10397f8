"""Several workers ask one store at the same time: each gets its answer, none trips over another's bookkeeping."""

import pytest
from odoo_workers import World

from devenv import environment

WORKERS, REQUESTS = 4, 15

ASK = """
import json, threading
from odoo import api
store_id = env["shopify.instance"].search([]).id
failed = []

def ask():
    with env.registry.cursor() as cr:
        own = api.Environment(cr, 1, {})
        store = own["shopify.instance"].browse(store_id)._for_jobs()
        for _number in range(REQUESTS):
            try:
                own["shopify.connection"]._execute(store, "shop/Connection")
            except Exception as error:
                failed.append(f"{type(error).__name__}: {error}")

workers = [threading.Thread(target=ask) for _number in range(WORKERS)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
print(json.dumps({"failed": failed}))
"""


@pytest.fixture(scope="module")
def world():
    with environment.ready() as env, env.databases.temporary("parallel") as name:
        world = World(env, name, orders=1)
        yield world
        world.close()


def test_workers_that_ask_one_store_at_once_all_get_their_answers(world):
    (found,) = world.run(ASK, WORKERS=WORKERS, REQUESTS=REQUESTS)
    assert found["failed"] == []
