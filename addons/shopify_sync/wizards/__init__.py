from . import (
    shopify_accept_total,
    shopify_cancel,
    shopify_complete,
    shopify_credentials,
    shopify_customer_export,
    shopify_new_store,
    shopify_operation,
    shopify_preview,
    shopify_refund,
    shopify_replay,
    shopify_schedules,
    shopify_takeover,
)
