import { registry } from "@web/core/registry";

// The spreadsheet's own code comes with the first dashboard: its bundle is made then, which takes a while.
const FIRST = 60000; // the longest that Odoo takes

registry.category("web_tour.tours").add("shopify_sales_dashboard", {
    steps: () => [
        { content: "the analysis is there", trigger: ".o_graph_view canvas", timeout: FIRST },
        { trigger: '.o_menu_sections .dropdown-toggle:contains("Reporting")', run: "click" },
        { trigger: '.o-dropdown--menu .dropdown-item:contains("Dashboard")', run: "click" },
        {
            content: "the dashboard is the chosen one",
            trigger: ".o_spreadsheet_dashboard_action .active:contains(Shopify Sales)",
            timeout: FIRST,
        },
        { content: "it is drawn", trigger: ".o-spreadsheet canvas", timeout: FIRST },
        { content: "with its figures", trigger: ".o-figure .o-scorecard, .o-figure canvas", timeout: FIRST },
    ],
});
