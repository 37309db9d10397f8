import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;

/** What happened to the lines of one kind of queue: all time, today, yesterday. Each number opens its lines. */
export class QueueCounters extends Component {
    static template = "shopify_sync.QueueCounters";
    static props = { kind: String, list: { type: Object, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ rows: [] });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        const counters = await this.orm.call("shopify.queue", "read_counters", [this.props.kind]);
        const today = DateTime.local().startOf("day");
        const yesterday = today.minus({ days: 1 });
        this.state.rows = [
            this.row(_t("All time"), counters.all, []),
            this.row(_t("Today"), counters.today, [["create_date", ">=", serializeDateTime(today)]]),
            this.row(_t("Yesterday"), counters.yesterday, [
                ["create_date", ">=", serializeDateTime(yesterday)],
                ["create_date", "<", serializeDateTime(today)],
            ]),
        ];
    }

    row(title, counts, domain) {
        const names = {
            created: [_t("created"), "text-body"],
            draft: [_t("waiting"), "text-warning"],
            failed: [_t("failed"), "text-danger"],
            done: [_t("done"), "text-success"],
        };
        const cells = Object.keys(names)
            .filter((key) => key in counts)
            .map((key) => ({
                key,
                label: names[key][0],
                color: counts[key] ? names[key][1] : "text-muted",
                count: counts[key],
                domain: key === "created" ? domain : [...domain, ["state", "=", key]],
            }));
        return { title, cells };
    }

    async open(cell) {
        const action = await this.action.loadAction("shopify_sync.shopify_queue_line_action");
        return this.action.doAction({
            ...action,
            domain: [["kind", "=", this.props.kind], ...cell.domain],
        });
    }
}
