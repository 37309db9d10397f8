"""A small page that says what the simulated store is and where its doors are."""

from __future__ import annotations

from collections import Counter
from html import escape

from .app import App


def index_page(app: App) -> str:
    """HTML of the start page."""
    store = app.store
    with store.lock:
        headers = list(store.orders.headers())
        people, products = len(store.people), len(store.products)
    statuses = Counter(header.financial_status or "-" for header in headers)
    rows = "".join(f"<tr><td>{escape(name)}</td><td>{count}</td></tr>" for name, count in statuses.most_common())
    domain = escape(store.shop.domain)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(store.shop.name)}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:46rem;padding:0 1rem}}
code{{background:#eee;padding:.1em .3em}}td{{padding:.1em 1em .1em 0}}</style></head><body>
<h1>{escape(store.shop.name)}</h1>
<p>A simulated Shopify store on this machine, seed {store.seed}, currency {escape(store.shop.currency_code)}. It answers as
Shopify's GraphQL Admin API does, version {escape(app.api_version)}. Nothing here is real.</p>
<table><tr><td>Orders</td><td>{len(headers)}</td></tr><tr><td>Customers</td><td>{people}</td></tr>
<tr><td>Products</td><td>{products}</td></tr></table>
<h2>Orders by financial status</h2><table>{rows}</table>
<h2>Doors</h2>
<ul><li>Store address: <code>{domain}</code></li>
<li>GraphQL: <code>POST http://{domain}/admin/api/{escape(app.api_version)}/graphql.json</code></li>
<li>Sign-in: <code>POST http://{domain}/admin/oauth/access_token</code></li>
<li>Control: <a href="/_control/state">/_control/state</a>, <a href="/_control/orders">/_control/orders</a>,
<a href="/_control/requests">/_control/requests</a>, <a href="/_control/help">/_control/help</a></li></ul>
</body></html>
"""
