import { registry } from "@web/core/registry";
import { choose } from "./steps";

registry.category("web_tour.tours").add("shopify_close_month", {
    steps: () => [
        // the first page loads everything the browser needs
        { trigger: ".o_view_nocontent a:contains('Import payouts now')", run: "click", timeout: 30000 },
        { content: "What it will do is said", trigger: ".modal .text-muted:contains('Brings the payouts')" },
        { content: "Import", trigger: ".modal button[name=action_execute]:visible", run: "click" },
        { content: "It says what it brought", trigger: ".modal:contains('new: 3')" },
        { content: "To the payouts", trigger: ".modal button[name=action_view_payouts]", run: "click" },
        { content: "Open the payout", trigger: ".o_data_row .o_data_cell[name=date]", run: "click" },
        { content: "It says what remains", trigger: ".alert-warning:contains('can go into the bank statement: 2')" },
        { trigger: ".o_data_row:contains('Sale') .o_data_cell[name=payment_id]:not(:empty)" },
        { content: "Generate", trigger: "button[name=action_generate].btn-primary", run: "click" },
        { trigger: ".alert:contains('Statement lines to reconcile: 2')" },
        { content: "Reconcile", trigger: "button[name=action_reconcile].btn-primary", run: "click" },
        { trigger: "button[name=action_validate].btn-primary" },
        { content: "Taking it out of the books is not for accountants", trigger: "body:not(:has(button[name=action_reset]))" },
        { content: "Look at the statement", trigger: "button[name=action_view_statement]", run: "click" },
        { trigger: ".o_data_row:nth-child(4) .o_data_cell[name=is_reconciled] input:checked" },
        { content: "Back", trigger: ".o_back_button", run: "click" },
        { content: "Validate", trigger: "button[name=action_validate].btn-primary", run: "click" },
        { trigger: ".alert-success:contains('to the cent')" },
        ...choose("Reporting", "Month End"),
        { content: "All that was paid is paid out", trigger: ".o_shopify_month_chain:contains('Paid out')" },
        { trigger: ".o_shopify_month_chain:not(:contains('In transit'))" },
        { content: "The month is complete", trigger: ".alert-success:contains('agree to the cent')" },
    ],
});

registry.category("web_tour.tours").add("shopify_no_payouts", {
    steps: () => [
        { trigger: ".o_menu_sections .dropdown-toggle:contains('Sales')", run: "click", timeout: 30000 },
        { trigger: ".o-dropdown--menu .dropdown-item:text('Customers')" },
        { trigger: ".o-dropdown--menu:not(:has(.dropdown-item:text('Payout Reports')))" },
        { trigger: ".o-dropdown--menu:not(:has(.dropdown-item:text('Disputes')))" },
    ],
});
