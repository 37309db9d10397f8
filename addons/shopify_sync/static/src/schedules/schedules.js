import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, onWillUpdateProps, status, useState } from "@odoo/owl";

/** The scheduled jobs of a store with their last run and its result, their next run, and a button that runs one now. */
export class Schedules extends Component {
    static template = "shopify_sync.Schedules";
    static props = { store: Number };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ name: "", jobs: [], busy: false });
        onWillStart(() => this.load(this.props.store));
        onWillUpdateProps((props) => this.load(props.store));
    }

    async load(store) {
        // the dialog of the configuration may take this one's place
        if (status(this) === "destroyed") {
            return;
        }
        Object.assign(this.state, await this.orm.call("shopify.instance", "read_schedules", [[store]]));
    }

    runLabel(job) {
        return _t("Run now: %s", job.name);
    }

    async runNow(job) {
        this.state.busy = true;
        try {
            const told = await this.orm.call("shopify.instance", "run_schedule_now", [[this.props.store], job.key]);
            if (told.tag === "display_notification") {
                this.notification.add(told.params.message, { type: told.params.type });
            } else {
                await this.action.doAction(told);
            }
            await this.load(this.props.store);
        } finally {
            this.state.busy = false;
        }
    }

    async configure() {
        const action = await this.orm.call("shopify.instance", "action_setup_schedules", [[this.props.store]]);
        return this.action.doAction(action, { onClose: () => this.load(this.props.store) });
    }
}
