from . import month_end, webhook
