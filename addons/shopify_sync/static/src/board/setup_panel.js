import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";

const STATES = {
    done: { icon: "fa-check-circle text-success", label: _t("Done") },
    todo: { icon: "fa-circle-o text-primary", label: _t("To do") },
    locked: { icon: "fa-lock text-muted", label: _t("Locked") },
};

/** The four steps of a store's set-up. */
export class SetupPanel extends Component {
    static template = "shopify_sync.SetupPanel";
    static components = { Dropdown, DropdownItem };
    static props = {
        setup: Object,
        others: Array,
        first: Boolean,
        onStep: Function,
        onReady: Function,
        onShow: Function,
    };

    state(step) {
        return STATES[step.state];
    }

    stepLabel(step) {
        return _t("Configure: %s", step.title);
    }

    get done() {
        return this.props.setup.steps.filter((step) => step.state === "done").length;
    }

    /** The step a person goes on with: its button stands out. */
    isNext(step) {
        return this.props.setup.steps.find((one) => one.state === "todo") === step;
    }
}
