import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component } from "@odoo/owl";
import { Schedules } from "./schedules";

/** The scheduled jobs of the store of a dashboard card. */
export class SchedulesDialog extends Component {
    static template = "shopify_sync.SchedulesDialog";
    static components = { Schedules };
    static props = { ...standardActionServiceProps };

    get store() {
        return this.props.action.params.store;
    }
}

registry.category("actions").add("shopify_schedules", SchedulesDialog);
