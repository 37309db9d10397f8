import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("shopify_month_end", {
    steps: () => [
        { content: "Open the month", trigger: ".o_data_row .o_data_cell", run: "click" },
        { content: "Nothing is counted yet", trigger: ".alert-info:contains('Count')" },
        { content: "Count it", trigger: "button[name=action_count].btn-primary", run: "click" },
        { content: "The chain is drawn", trigger: ".o_shopify_month_chain button:contains('Orders')" },
        { content: "What is in transit is a part of it", trigger: ".o_shopify_month_chain:contains('In transit')" },
        { content: "Look at the differences", trigger: "button[name=action_differences]", run: "click" },
        { content: "Choose all of them", trigger: ".o_list_view .o_list_record_selector input", run: "click" },
        { content: "They are right as they are", trigger: "button[name=action_explain]", run: "click" },
        { content: "They no longer keep the month open", trigger: ".o_data_row:not(.text-danger)" },
        { content: "Back to the month", trigger: ".breadcrumb-item.o_back_button a, .o_back_button", run: "click" },
        { content: "The month can be closed", trigger: ".alert-warning:contains('explained')" },
    ],
});
