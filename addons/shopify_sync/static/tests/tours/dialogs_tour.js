import { registry } from "@web/core/registry";
import { choose, choose_action, confirm, dialog } from "./steps";

const tours = registry.category("web_tour.tours");
/** The first page loads everything the browser needs. */
const first = (name) => ({ trigger: `.o_form_statusbar button[name=${name}]`, run: "click", timeout: 30000 });

tours.add("shopify_cancel", {
    steps: () => [
        first("action_shopify_cancel"),
        { content: "what it does is said", trigger: dialog('.alert-warning:contains("This cannot be undone there")') },
        { content: "the money goes back", trigger: dialog('[name="refund_method"] input[data-value="original"]:checked') },
        { trigger: dialog('[name="staff_note"] input'), run: "edit Customer called" },
        { trigger: dialog('footer button:contains("Cancel in Shopify")'), run: "click" },
        { content: "the order says what comes next", trigger: '.alert-info:contains("Shopify is asked to cancel this order")' },
        { trigger: "body:not(:has(button[name=action_shopify_cancel]))" },
    ],
});

tours.add("shopify_refund", {
    steps: () => [
        first("action_shopify_refund"),
        { content: "what it does is said", trigger: dialog('.alert-warning:contains("Money is given back in Shopify")') },
        { content: "Shopify's own amount", trigger: dialog('[name="suggestion"]:contains("Shopify suggests")') },
        { trigger: dialog('[name="line_ids"] .o_data_row') },
        { trigger: dialog('footer button:contains("Refund in Shopify")'), run: "click" },
        ...confirm(),
        { content: "a reason is needed", trigger: '.o_error_dialog:contains("reason"), .o_notification:contains("Reason")' },
        { trigger: ".o_error_dialog footer button", run: "click" },
        { trigger: dialog('[name="note"] input'), run: "edit Arrived broken" },
        { trigger: dialog('footer button:contains("Refund in Shopify")'), run: "click" },
        ...confirm(),
        { content: "it is paid by Shopify, not here", trigger: '.alert-info:contains("Shopify pays this back.")' },
        { trigger: "body:not(:has(button[name=action_shopify_refund]))" },
    ],
});

tours.add("shopify_product_send", {
    steps: () => [
        ...choose("Products", "Products"),
        { trigger: '.o_data_cell[name=title]:contains("Rain Hat")', run: "click" },
        first("action_export"),
        { content: "what it does is said", trigger: dialog('.alert-info:contains("Products created in Shopify")') },
        { content: "how many", trigger: dialog('[name="product_count"]:contains("1")') },
        { content: "where it is sold is a choice", trigger: dialog('[name="publish"] input[data-value="web"]'), run: "click" },
        { trigger: dialog('footer button:contains("Export to Shopify")'), run: "click" },
        { content: "it can be updated from now on", trigger: "button[name=action_update]" },
        { trigger: "button[name=action_open_shopify]" },
    ],
});

tours.add("shopify_customer_export", {
    steps: () => [
        { trigger: '.o_form_view [name="name"]', timeout: 30000 },
        ...choose_action("Send to Shopify"),
        { trigger: dialog('[name="create_count"]:contains("1")') },
        { content: "what is sent is said", trigger: dialog('li:contains("Sent are name, e-mail, phone")') },
        { trigger: dialog('footer button:contains("Send")'), run: "click" },
        { trigger: '.o_notification:contains("done in Shopify")' },
    ],
});

tours.add("shopify_takeover", {
    steps: () => [
        ...choose("Configuration", "Take Over"),
        { content: "what it does is said", trigger: dialog('.alert-info:contains("so that no import makes it a second time")') },
        { trigger: dialog('[name="what"] input[data-value="customer"]'), run: "click" },
        { trigger: dialog('footer button:contains("Search")'), run: "click" },
        { content: "what was found", trigger: dialog('.alert-info:contains("Customers looked at: 1")') },
        { trigger: dialog('[name="sure_ids"] .o_data_row:contains("Ada by Hand")') },
        { trigger: dialog('footer button:contains("Link Ticked")'), run: "click" },
        ...confirm(),
        { trigger: dialog('.nav-link:contains("Linked")'), run: "click" },
        { content: "it is linked", trigger: dialog('[name="known_ids"] .o_data_row:contains("Ada by Hand")') },
    ],
});

tours.add("shopify_payout_match", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row .o_data_cell[name=date]", run: "click", timeout: 30000 },
        { content: "one type is not known", trigger: '.o_data_row:contains("Moon tax") button[name=action_match]', run: "click" },
        { trigger: dialog('[name="kind"] input[data-value="account"]'), run: "click" },
        { trigger: dialog('[name="account_id"] input'), run: "edit Moon" },
        { trigger: '.o-autocomplete--dropdown-item:contains("Moon Taxes")', run: "click" },
        { trigger: dialog('footer button:contains("Match"):first'), run: "click" },
        { content: "it can go into the books", trigger: '.o_data_row:contains("Moon tax"):not(:has(button[name=action_match]))' },
    ],
});

tours.add("shopify_no_dialogs", {
    steps: () => [
        { content: "the order opens", trigger: ".o_form_view .o_arrow_button_current", timeout: 30000 },
        { content: "cancelling in Shopify is not offered", trigger: "body:not(:has(button[name=action_shopify_cancel]))" },
    ],
});
