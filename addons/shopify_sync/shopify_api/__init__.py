"""Shopify's GraphQL Admin API, without Odoo: address, sign-in, client, budget, paging, search, scopes, webhooks.

A caller does: `normalise` the address, get a token (`request_token` or a permanent one), make a `Client`, `load` a
document, spend its cost from the store's `Bucket`, `execute` it. Everything that can go wrong is a `ShopifyError`.
"""

from . import budget, bulk, scopes, search, webhooks
from .address import admin_link, base_url, is_loopback, normalise
from .answer import Answer, Cost
from .budget import Bucket, ThrottleStatus
from .carriers import KNOWN_CARRIERS, carrier_name
from .client import Client, Exchange, TokenSource
from .documents import Document, DocumentError, load
from .errors import (
    AccessDenied,
    AnswerLost,
    NotReachable,
    QueryRefused,
    ServerFault,
    ShopifyError,
    ShopUnavailable,
    SignInRefused,
    Throttled,
    TooCostly,
    UnreadableAnswer,
    UserErrors,
    UserProblem,
    WrongAddress,
)
from .gid import (
    CustomerToken,
    OrderToken,
    ProductToken,
    gid,
    legacy_id,
    parse_customer_tokens,
    parse_gid,
    parse_order_tokens,
    parse_product_tokens,
)
from .masking import HIDDEN, MaskingFilter, mask
from .paging import Page, fitting, pages
from .sign_in import Token, request_token
from .uploads import key_of, upload
from .version import API_VERSION, supported_until
from .wording import Words

__all__ = [
    "API_VERSION",
    "HIDDEN",
    "KNOWN_CARRIERS",
    "AccessDenied",
    "Answer",
    "AnswerLost",
    "Bucket",
    "Client",
    "Cost",
    "CustomerToken",
    "Document",
    "DocumentError",
    "Exchange",
    "MaskingFilter",
    "NotReachable",
    "OrderToken",
    "Page",
    "ProductToken",
    "QueryRefused",
    "ServerFault",
    "ShopUnavailable",
    "ShopifyError",
    "SignInRefused",
    "ThrottleStatus",
    "Throttled",
    "Token",
    "TokenSource",
    "TooCostly",
    "UnreadableAnswer",
    "UserErrors",
    "UserProblem",
    "Words",
    "WrongAddress",
    "admin_link",
    "base_url",
    "budget",
    "bulk",
    "carrier_name",
    "fitting",
    "gid",
    "is_loopback",
    "key_of",
    "legacy_id",
    "load",
    "mask",
    "normalise",
    "pages",
    "parse_customer_tokens",
    "parse_gid",
    "parse_order_tokens",
    "parse_product_tokens",
    "request_token",
    "scopes",
    "search",
    "supported_until",
    "upload",
    "webhooks",
]
