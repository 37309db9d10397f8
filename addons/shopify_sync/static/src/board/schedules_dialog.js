import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

/** The scheduled jobs of a store with their last and next run, and a button that runs one now. */
export class SchedulesDialog extends Component {
    static template = "shopify_sync.SchedulesDialog";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.store = this.props.action.params.store;
        this.state = useState({ name: "", jobs: [] });
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("shopify.instance", "read_schedules", [[this.store]]));
    }

    async runNow(job) {
        await this.orm.call("shopify.instance", "run_schedule_now", [[this.store], job.key]);
        this.notification.add(_t("%s starts in the background.", job.name), { type: "info" });
    }

    async configure() {
        const action = await this.orm.call("shopify.instance", "action_setup_schedules", [[this.store]]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("shopify_schedules", SchedulesDialog);
