from . import test_sales_dashboard
