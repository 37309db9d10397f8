import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What each link of the chain is called, and what its parts mean. */
const LINKS = {
    order: { title: _t("Orders"), settled: _t("Invoiced"), later: _t("Invoiced later"), open: _t("Not invoiced") },
    invoice: { title: _t("Invoices less credit notes"), settled: _t("Paid"), later: _t("Paid later"), open: _t("Unpaid") },
    payment: {
        title: _t("Payments through payouts"),
        settled: _t("Paid out"),
        later: _t("Paid out later"),
        open: _t("In transit"),
    },
    other_payment: {
        title: _t("Other payments"),
        settled: _t("In the bank"),
        later: _t("In the bank later"),
        open: _t("Not in the bank"),
    },
    payout: { title: _t("Payouts"), settled: _t("Booked"), later: _t("Booked later"), open: _t("Not booked") },
    refund: { title: _t("Refunds"), settled: _t("Credited"), later: _t("Credited later"), open: _t("Not credited") },
};
const REASONS = {
    timing: _t("Timing"),
    missing: _t("Missing"),
    rounding: _t("Rounding"),
    fee: _t("Fee"),
    currency: _t("Currency"),
    manual: _t("Manual change"),
};
const PARTS = [
    { name: "settled", color: "bg-success" },
    { name: "later", color: "bg-info" },
    { name: "open", color: "bg-danger" },
];
/** Links whose open part is on its way to the bank. */
const ON_ITS_WAY = ["payment", "other_payment"];

/** The month end as a picture: for each currency, a bar for each link of the chain, and the differences by reason. */
export class MonthChainField extends Component {
    static template = "shopify_sync.MonthChainField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get currencies() {
        return (this.props.record.data[this.props.name] || []).map((row) => this.drawn(row));
    }

    /** One currency with its widths: every bar is measured against the longest of its currency. */
    drawn(row) {
        const longest = Math.max(...row.links.map((one) => this.length(one)), 0);
        return {
            id: row.currency_id,
            links: row.links.map((one) => ({
                ...one,
                ...LINKS[one.link],
                link: one.link,
                amount: this.format(one.total, row.currency_id),
                parts: PARTS.map(({ name, color }) => ({
                    name,
                    // what only waits is orange, what somebody has to look at is red
                    color: name === "open" && (one.usual || ON_ITS_WAY.includes(one.link)) ? "bg-warning" : color,
                    label: LINKS[one.link][name],
                    value: Number(one[name]),
                    amount: this.format(one[name], row.currency_id),
                    width: longest ? (100 * Math.abs(Number(one[name]))) / longest : 0,
                })).filter((part) => part.value),
            })),
            reasons: row.reasons.map((one) => ({
                ...one,
                label: REASONS[one.reason],
                amount: this.format(one.amount, row.currency_id),
            })),
        };
    }

    length(one) {
        return PARTS.reduce((sum, { name }) => sum + Math.abs(Number(one[name])), 0);
    }

    format(amount, currencyId) {
        return formatMonetary(Number(amount), { currencyId });
    }

    async open(method, args) {
        const action = await this.orm.call("shopify.month.end", method, [[this.props.record.resId], ...args]);
        await this.action.doAction(action);
    }

    /** What is settled shows its documents, what is not its differences. */
    onPart(currency, link, part) {
        if (part.name === "settled") {
            return this.onDocuments(currency, link);
        }
        return this.open("action_differences", [link.link, currency.id]);
    }

    onDocuments(currency, link) {
        return this.open("action_documents", [link.link, currency.id]);
    }

    onReason(currency, one) {
        return this.open("action_differences", [false, currency.id, one.reason]);
    }
}

registry.category("fields").add("shopify_month_chain", {
    component: MonthChainField,
    supportedTypes: ["json"],
});
