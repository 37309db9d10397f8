"""`kill -9` at any point loses nothing and makes nothing twice."""

import pytest
from odoo_workers import FETCH, PROCESS, World

from devenv import environment

ORDERS = 24


@pytest.fixture(scope="module")
def world():
    with environment.ready() as env, env.databases.temporary("killed") as name:
        world = World(env, name, ORDERS)
        yield world
        world.close()


def test_a_worker_killed_in_each_stage_of_the_path_leaves_every_order_imported_once(world):
    fetching = [
        ("shopify.run.starter", "_create_run", False),
        ("shopify.handler.order", "_fetch_page", True),
        ("shopify.handler.order", "_store_records", False),
        ("shopify.run.starter", "_store_page", False),
    ]
    for at in fetching:
        world.run_until_killed(at, FETCH)
        assert world.count("sale_order", "shopify_order_id IS NOT NULL") == 0
    world.run(FETCH)
    world.run(FETCH)
    assert world.count("shopify_queue_line") == ORDERS, "every order is queued exactly once"
    assert world.count("shopify_queue_line", "state = 'draft'") == ORDERS

    processing = [
        ("shopify.runner", "_process_claimed", True),
        ("shopify.handler.order", "_check", False),
        ("shopify.handler.order", "_create_orders", False),
        ("shopify.shipment", "_take_over", False),
        ("sale.order", "action_confirm", False),
        ("shopify.workflow", "_invoice", True),
        ("sale.order", "_create_invoices", False),
        ("shopify.workflow", "_invoice", False),
        ("shopify.workflow", "_pay", False),
        ("shopify.workflow", "_run", False),
        ("shopify.runner", "_write_outcomes", False),
    ]
    for at in processing:
        world.run_until_killed(at, PROCESS)
        assert world.count("sale_order", "shopify_order_id IS NOT NULL") == 0, f"half a batch stayed, killed in {at}"
        assert world.count("account_payment", "shopify_transaction_id IS NOT NULL") == 0
        assert world.count("shopify_queue_line", "state = 'draft'") == ORDERS, "a dead worker gives its lines back"

    world.run_until_killed(("shopify.runner", "_refresh_queues", True), PROCESS)
    done = world.documents()
    world.run(FETCH, PROCESS)
    assert world.documents() == done, "a batch that was committed before the kill is not made again"
    assert done["orders"] == (ORDERS, ORDERS)
    assert done["invoices"][0] == done["invoices"][1] > 0, "one invoice an order"
    assert done["payments"][0] == done["payments"][1] > 0, "one payment a transaction"
    assert world.count("shopify_queue_line", "state <> 'done'") == 0


def test_two_workers_on_the_same_queues_share_the_work_and_double_nothing():
    with environment.ready() as env, env.databases.temporary("two") as name:
        world = World(env, name, 40, batch=5)
        try:
            world.run(FETCH)
            world.run(FETCH)
            workers = [world.start(PROCESS) for _each in range(2)]
            ends = [worker.communicate(timeout=300) for worker in workers]
            for worker, (_out, err) in zip(workers, ends, strict=True):
                assert worker.returncode == 0, err[-3000:]
            documents = world.documents()
            assert documents["orders"] == (40, 40)
            assert documents["invoices"][0] == documents["invoices"][1]
            assert documents["payments"][0] == documents["payments"][1]
            left = world.run(PROCESS)
            assert left == [{"taken": 0}], "nothing was left behind"
            assert world.count("shopify_queue_line", "state <> 'done'") == 0
            taken = [int(out.split('"taken": ')[1].split("}")[0]) for out, _err in ends]
            assert sum(taken) == 40 and min(taken) > 0, f"both workers worked: {taken}"
        finally:
            world.close()
