import { registry } from "@web/core/registry";
import { choose, confirm, dialog, open } from "./steps";

const tours = registry.category("web_tour.tours");

tours.add("shopify_operation", {
    steps: () => [
        ...choose("Processes", "Shopify Operations"),
        { content: "a note says what it does", trigger: dialog(':contains("Nothing is written in Shopify")') },
        { trigger: dialog('.nav-link:contains("What Will Happen")'), run: "click" },
        { trigger: dialog(':contains("Last run")') },
        { content: "look first", trigger: dialog('footer button:contains("Preview")'), run: "click" },
        { trigger: dialog('.alert:contains("Nothing has been written")') },
        { trigger: dialog('footer button:contains("Back")'), run: "click" },
        { trigger: dialog('footer button:contains("Execute")'), run: "click" },
        { content: "what came of it", trigger: dialog('.alert:contains("Records read from Shopify")') },
        { trigger: dialog('.o_data_row:contains("SOQ")') },
        { trigger: dialog('footer button:contains("Open Queues")'), run: "click" },
        { content: "it waits until the queue is processed", trigger: '.o_list_view .o_data_row.text-warning:contains("Draft")' },
    ],
});

function read_the_failure(fix) {
    return [
        ...open("Processes", "Unshipped Orders"),
        { content: "counters above the list", trigger: ".o_shopify_queue_counters button" },
        { trigger: ".o_data_row.text-danger .o_data_cell", run: "click" },
        { trigger: '.alert:contains("Lines of this queue wait for a person")' },
        { trigger: '.nav-link:contains("Errors by Cause")', run: "click" },
        { trigger: '.o_data_row:contains("unheard-of")' },
        ...open("Processes", "Log Lines"),
        { trigger: '.o_data_row.text-danger:contains("no workflow for gateway \'unheard-of\'")' },
        ...open("Processes", "Errors by Cause"),
        { trigger: `.o_data_row:contains("unheard-of")${fix ? "" : ':not(:has(button:contains("Fix It")))'}` },
    ];
}

tours.add("shopify_counters_of_two_stores", {
    steps: () => [
        ...open("Processes", "Unshipped Orders"),
        { content: "the stores stand at the list's side", trigger: ".o_search_panel" },
        {
            content: "counters above the list, as wide as it",
            trigger: ".o_shopify_queue_counters:has(button)",
            run({ anchor }) {
                const [counters, list] = [anchor, document.querySelector(".o_list_table")].map((el) => el.getBoundingClientRect());
                if (counters.bottom > list.top || Math.abs(counters.left - list.left) > 1) {
                    throw new Error("The counters stand beside the list.");
                }
            },
        },
    ],
});

tours.add("shopify_failure_user", { steps: () => read_the_failure(false) });

tours.add("shopify_failure_manager", {
    steps: () => [
        ...read_the_failure(true),
        { trigger: '.o_data_row button:contains("Fix It")', run: "click" },
        { content: "the place is filled in", trigger: '.o_form_view [name="gateway_id"] input:value("unheard-of")' },
        { trigger: '[name="workflow_id"] input', run: "edit Review" },
        { trigger: '.o-autocomplete--dropdown-item:contains("Review by hand")', run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "what waited goes on", trigger: '.o_notification:contains("tried again: 1")' },
    ],
});

tours.add("shopify_risky_order", {
    steps: () => [
        ...open("Sales", "Risky Quotations"),
        { trigger: ".o_data_row.text-danger .o_data_cell[name=name]", run: "click" },
        { trigger: '.alert-danger:contains("Shopify finds this order risky")' },
        { trigger: 'button:contains("Confirm Risky Order")', run: "click" },
        ...confirm(),
        { trigger: '.o_arrow_button_current:contains("Sales Order")' },
    ],
});
