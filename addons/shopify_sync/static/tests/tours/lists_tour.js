import { registry } from "@web/core/registry";
import { open } from "./steps";

registry.category("web_tour.tours").add("shopify_lists", {
    url: "/odoo/action-shopify_sync.sale_order_action",
    steps: () => [
        { content: "a confirmed order is listed", trigger: ".o_list_view .o_data_row" },
        { content: "nobody makes one here", trigger: ".o_control_panel:not(:has(.o_list_button_add))" },
        ...open("Sales", "Customers"),
        { trigger: ".o_data_row .o_data_cell[name=shopify_order_count]" },
        ...open("Sales", "Quotations"),
        { trigger: ".o_data_row.text-danger .o_data_cell[name=shopify_hold_reason]:contains(Risk)" },
        ...open("Sales", "Risky Quotations"),
        { trigger: ".o_facet_value:contains(Held Now)" },
        { trigger: ".o_data_row.text-danger .o_data_cell[name=shopify_held_since]" },
        ...open("Sales", "Refunds"),
        { trigger: ".o_data_row.text-success .o_data_cell[name=shopify_direction]:contains(From Shopify)" },
        ...open("Sales", "Delivery Orders"),
        { trigger: ".o_data_row .o_data_cell[name=shopify_order_name]" },
        ...open("Products", "Products"),
        { trigger: ".o_data_row .o_data_cell[name=title]" },
        ...open("Products", "Variants"),
        { trigger: ".o_data_row .o_data_cell[name=sku]" },
        ...open("Reporting", "Sales"),
        { trigger: ".o_graph_view canvas" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot th:contains(Refunded in Shopify)" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_list_view .o_data_row .o_data_cell[name=order_reference]" },
        ...open("Sales", "Invoices"),
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o_menu_item:contains(Several Payment Methods)", run: "click" },
        { trigger: ".o_facet_value:contains(Several Payment Methods)" },
        { trigger: ".o_data_row .o_data_cell[name=name]", run: "click" },
        { content: "the invoice opens", trigger: ".o_form_view" },
    ],
});

registry.category("web_tour.tours").add("shopify_register_all", {
    steps: () => [
        // the first page loads everything the browser needs
        { trigger: ".alert[name=shopify_payments]:contains(Gift card)", timeout: 30000 },
        { trigger: "button[name=action_shopify_payment_methods]", run: "click" },
        { trigger: ".modal .o_data_row .o_data_cell[name=gateway_id]" },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name=action_shopify_register_all]", run: "click" },
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_shopify_register_all]))" },
    ],
});
