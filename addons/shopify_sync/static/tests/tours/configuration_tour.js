import { registry } from "@web/core/registry";
import { choose, choose_action, confirm, dialog, open } from "./steps";

const tours = registry.category("web_tour.tours");
const open_store = () => [
    ...open("Configuration", "Instances"),
    { trigger: '.o_data_row .o_data_cell:contains("Test Shop"), .o_kanban_record:contains("Test Shop")', run: "click" },
];

tours.add("shopify_settings", {
    steps: () => [
        ...choose("Configuration", "Settings"),
        { content: "whose settings they are", trigger: '.o_setting_box:contains("Settings of")' },
        { content: "what works is said", trigger: '.app_settings_block:contains("Import orders")' },
        { content: "a setting is explained", trigger: '.o_setting_box:contains("Example: \'Main warehouse\'")' },
        { trigger: '[name="order_prefix"] input', run: "edit DE-" },
        { trigger: ".o_form_button_save, button[name=execute]", run: "click" },
        { content: "it is kept", trigger: "body:not(:has(.o_dirty_warning)) .o_setting_container" },
        ...open("Configuration", "Instances"),
        ...choose("Configuration", "Settings"),
        { content: "and there again", trigger: '[name="order_prefix"] input:value("DE-")' },
    ],
});

tours.add("shopify_new_store", {
    steps: () => [
        ...choose("Configuration", "Connect a Store"),
        { content: "what to do at Shopify", trigger: dialog('li:contains("Dev Dashboard")') },
        { content: "which permissions", trigger: dialog('td:contains("read_orders")') },
        { trigger: dialog('[name="name"] input'), run: "edit Second Shop" },
        { trigger: dialog('[name="auth_mode"] input[data-value="permanent_token"]'), run: "click" },
        { trigger: dialog('[name="access_token"] input'), run: "edit shpat_wrong" },
        { trigger: dialog('footer button:contains("Test")'), run: "click" },
        { content: "a refusal says why", trigger: '.o_error_dialog:contains("refuse"), .o_error_dialog:contains("token")' },
        { trigger: ".o_error_dialog footer button", run: "click" },
        { trigger: dialog('[name="access_token"] input'), run: "edit shpat_simulator" },
        { trigger: dialog('footer button:contains("Test")'), run: "click" },
        { content: "what Shopify says", trigger: dialog('.alert-success:contains("Connected: ")') },
        { trigger: dialog('footer button:contains("Create")'), run: "click" },
        { content: "the store is there", trigger: '.o_breadcrumb .active:contains("Second Shop")' },
    ],
});

tours.add("shopify_archive", {
    steps: () => [
        ...open_store(),
        { trigger: 'button:contains("Archive")', run: "click" },
        { content: "it says what stops", trigger: dialog('footer button:contains("Archive the Store")'), run: "click" },
        { trigger: '.o_form_view .ribbon:contains("Archived")' },
        { trigger: 'button:contains("Activate")', run: "click" },
        { trigger: dialog('footer button:contains("Activate the Store")'), run: "click" },
        { trigger: ".o_form_view:not(:has(.ribbon))" },
    ],
});

tours.add("shopify_config_file", {
    steps: () => [
        ...open_store(),
        ...choose_action("Export Configuration"),
        { trigger: dialog('footer button:contains("Download")') },
        { trigger: dialog('footer button:contains("Close")'), run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...choose_action("Import Configuration"),
        { trigger: dialog('footer button:contains("Preview")'), run: "click" },
        { content: "first it says what would change", trigger: dialog('.alert:contains("Nothing is written yet")') },
        { trigger: dialog('.o_data_row:contains("XX-")') },
        { trigger: dialog('footer button:contains("Import")'), run: "click" },
        ...confirm(),
        { trigger: dialog('.alert-success:contains("The configuration is imported")') },
    ],
});
