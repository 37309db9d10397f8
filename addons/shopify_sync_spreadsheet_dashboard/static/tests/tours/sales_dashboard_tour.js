import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("shopify_sales_dashboard", {
    steps: () => [
        { trigger: '.o_menu_sections .dropdown-toggle:contains("Reporting")', run: "click" },
        { trigger: '.o-dropdown--menu .dropdown-item:contains("Dashboard")', run: "click" },
        { content: "the dashboard is the chosen one", trigger: ".o_spreadsheet_dashboard_action .active:contains(Shopify Sales)", timeout: 30000 },
        { content: "it is drawn", trigger: ".o-spreadsheet .o-grid-overlay, .o-spreadsheet .o-dashboard-clickable-cell, .o-spreadsheet canvas", timeout: 30000 },
        { content: "with its figures", trigger: ".o-figure .o-scorecard, .o-figure canvas", timeout: 30000 },
    ],
});
