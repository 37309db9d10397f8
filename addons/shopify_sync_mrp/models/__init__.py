from . import mrp_bom, stock_change, stock_quantities
