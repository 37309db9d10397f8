from . import shopify_sign_in
from . import shopify_accept_total
from . import shopify_complete
from . import shopify_credentials
from . import shopify_new_store
from . import shopify_operation
from . import shopify_schedules
