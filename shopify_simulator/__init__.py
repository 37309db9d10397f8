"""A Shopify store on loopback, true to Shopify's own schema: for demo, tests and benchmarks.

    from shopify_simulator import Simulator

    with Simulator(seed=1, orders=20) as sim:
        print(sim.domain)

or as a program: ``python -m shopify_simulator --port 8080 --seed 1 --orders 300``.
"""

from .simulator import Simulator

__all__ = ["Simulator"]
