import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component } from "@odoo/owl";
import { Schedules } from "./schedules";

/** The scheduled jobs of the store whose form is open. */
export class SchedulesWidget extends Component {
    static template = "shopify_sync.SchedulesWidget";
    static components = { Schedules };
    static props = { ...standardWidgetProps };
}

registry.category("view_widgets").add("shopify_schedules", { component: SchedulesWidget });
