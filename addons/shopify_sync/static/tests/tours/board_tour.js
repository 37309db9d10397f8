import { registry } from "@web/core/registry";
import { confirm, dialog } from "./steps";

const card = (inner) => `article[data-store="Test Shop"] ${inner}`;
const tours = registry.category("web_tour.tours");

tours.add("shopify_board_user", {
    steps: () => [
        { trigger: card('header:contains("Connected")') },
        { trigger: card('[data-counter="orders"]:contains("1"):contains("Sales Orders")') },
        { trigger: card('[data-attention="risky"]:contains("risky quotations 1")') },
        { trigger: card('[data-attention="failed"]:contains("failed lines 1")') },
        { trigger: card('[data-health="sign_in"]:contains("Signed in, with all permissions.")') },
        { trigger: card('[data-health="schedules"]:contains("Off"):not(:has(button))') },
        { trigger: ".o_shopify_board:not(:has(.o_shopify_setup))" },
        { trigger: card("footer:not(:contains(Schedules))") },
        {
            content: "another period",
            trigger: card('[aria-label="Period"] button:contains("All")'),
            run: "click",
        },
        { trigger: card('[data-figure="orders"]:contains("1")') },
        { trigger: card('[aria-pressed="true"]:contains("All")') },
        { trigger: card('[data-attention="risky"]'), run: "click" },
        { trigger: '.o_breadcrumb:contains("Risky Quotations")' },
        { trigger: ".o_list_view .o_data_row:only-child" },
        { trigger: '.breadcrumb-item a:contains("Dashboard")', run: "click" },
        { trigger: card('button[aria-label="Menu of Test Shop"]'), run: "click" },
        { trigger: '.o_shopify_card_menu:contains("Ready to export"):contains("Partially available")' },
        { trigger: '.o_shopify_card_menu .dropdown-item:contains("Paid")', run: "click" },
        { trigger: '.o_breadcrumb:contains("Invoices")' },
    ],
});

tours.add("shopify_board_manager", {
    steps: () => [
        { trigger: '.o_shopify_setup:contains("1 of 4 steps done")' },
        { trigger: '[data-step="settings"] button:contains("Configure")', run: "click" },
        { trigger: dialog('.modal-title:contains("Choose the settings")') },
        { trigger: dialog('footer button:contains("Save")'), run: "click" },
        { trigger: '.o_shopify_setup:contains("2 of 4 steps done")' },
        { trigger: '[data-step="payments"] button:contains("Configure")', run: "click" },
        { trigger: dialog('button:contains("Find combinations")'), run: "click" },
        { trigger: dialog('.o_data_row:contains("unheard-of")') },
        { trigger: dialog('footer button:contains("Save")'), run: "click" },
        { trigger: '.o_shopify_setup:contains("3 of 4 steps done")' },
        { trigger: card('footer button:contains("Schedules")'), run: "click" },
        { trigger: dialog('.o_shopify_schedules tr:contains("Process orders"):contains("Off")') },
        { trigger: dialog(".btn-close"), run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: card('button[aria-label="Menu of Test Shop"]'), run: "click" },
        { trigger: '.dropdown-item:contains("Customise card")', run: "click" },
        { trigger: dialog('[name="counter_products"] input'), run: "click" },
        { trigger: dialog('footer button:contains("Save")'), run: "click" },
        { trigger: card('.o_shopify_counters:not(:has([data-counter="products"]))') },
    ],
});

const question = '.o-overlay-item:has(.modal-title:contains("Is everything ready?"))';

tours.add("shopify_board_ready", {
    steps: () => [
        { trigger: '[data-step="schedules"] button:contains("Configure")', run: "click" },
        { trigger: dialog('.modal-title:contains("Configure Schedules")') },
        { trigger: dialog('footer button:contains("Save")'), run: "click" },
        ...confirm(),
        { trigger: `${question} .modal-footer button:contains("Not yet")`, run: "click" },
        { content: "asked once", trigger: "body:not(:has(.modal))", run: () => new Promise((done) => setTimeout(done, 1500)) },
        { trigger: "body:not(:has(.modal))" },
        { trigger: '.o_shopify_setup:contains("4 of 4 steps done") button:contains("ready")', run: "click" },
        { trigger: `${question} .modal-footer button:contains("Yes")`, run: "click" },
        { trigger: ".o_shopify_board:not(:has(.o_shopify_setup))" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: card('[data-health="schedules"]:contains("Next run")') },
        { trigger: card('footer button:contains("Schedules")'), run: "click" },
        {
            content: "leave with a dialog open",
            trigger: dialog(".o_shopify_schedules"),
            run: () => document.querySelector(".o_menu_brand").click(),
        },
        { trigger: "body:not(:has(.modal)) .o_shopify_board" },
    ],
});

tours.add("shopify_board_empty_user", {
    steps: () => [{ trigger: '.o_shopify_board_empty:contains("No store yet"):contains("ask one of your managers")' }],
});

tours.add("shopify_board_empty_manager", {
    steps: () => [
        { trigger: '.o_shopify_setup:contains("Set up your first store"):contains("Create the store first.")' },
        { trigger: '.o_shopify_board_empty button:contains("Connect a store")', run: "click" },
        { trigger: dialog('.modal-title:contains("Connect a Shopify Store")') },
    ],
});
