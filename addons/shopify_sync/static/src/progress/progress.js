import { Component, onWillDestroy, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How often the server is asked while something is running, in milliseconds. */
const EVERY = 3000;

/** How far the run or the queue of this record is; asks the server as long as it is running. */
export class ShopifyProgress extends Component {
    static template = "shopify_sync.Progress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ facts: null });
        onWillStart(() => this.load());
        onWillUpdateProps((next) => this.load(next));
        onWillDestroy(() => clearTimeout(this.timer));
    }

    async load(props = this.props) {
        clearTimeout(this.timer);
        const { resId, resModel } = props.record;
        if (!resId) {
            this.state.facts = null;
            return;
        }
        const before = this.state.facts;
        const facts = await this.orm.silent.call(resModel, "read_progress", [[resId]]);
        this.state.facts = Object.keys(facts).length ? facts : null;
        if (facts.busy) {
            this.timer = setTimeout(() => this.load(), EVERY);
        } else if (before?.busy) {
            // what stands around the bar has changed, too
            await props.record.load();
        }
    }

    get shown() {
        const { facts } = this.state;
        return facts && (facts.busy || facts.reading);
    }

    get counts() {
        const { facts } = this.state;
        const counts = [
            [_t("read"), facts.seen],
            [_t("in queues"), facts.queued],
            [_t("done"), facts.done],
            [_t("failed"), facts.failed],
            [_t("waiting"), facts.waiting],
        ];
        return counts.filter(([, count]) => count !== undefined);
    }

    get left() {
        const seconds = this.state.facts.seconds_left;
        if (seconds === null || seconds === undefined) {
            return "";
        }
        return seconds < 60 ? _t("less than a minute left") : _t("about %s minutes left", Math.ceil(seconds / 60));
    }
}

registry.category("view_widgets").add("shopify_progress", { component: ShopifyProgress });
