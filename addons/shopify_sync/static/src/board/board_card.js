import { ColorList } from "@web/core/colorlist/colorlist";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { BoardGraph } from "./board_graph";
import { Component } from "@odoo/owl";

const COLORS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const LEVELS = {
    ok: ["fa-check-circle text-success", _t("Good")],
    warning: ["fa-exclamation-triangle text-warning", _t("To look at")],
    danger: ["fa-times-circle text-danger", _t("Problem")],
    off: ["fa-minus-circle text-muted", _t("Not used")],
};

/** The card of a store. */
export class BoardCard extends Component {
    static template = "shopify_sync.BoardCard";
    static components = { BoardGraph, ColorList, Dropdown, DropdownItem };
    static props = {
        store: Object,
        manager: Boolean,
        onRun: Function,
        onList: Function,
        onPeriod: Function,
        onColor: Function,
    };

    setup() {
        this.colors = COLORS;
        this.periods = [
            ["week", _t("This week")],
            ["month", _t("This month")],
            ["year", _t("This year")],
            ["all", _t("All")],
        ];
    }

    run(method) {
        return this.props.onRun(this.props.store.id, method);
    }

    list(key) {
        return this.props.onList(this.props.store.id, key);
    }

    get menuLabel() {
        return _t("Menu of %s", this.props.store.name);
    }

    count(number) {
        return formatInteger(number);
    }

    level(fact) {
        return { icon: LEVELS[fact.level][0], label: LEVELS[fact.level][1] };
    }

    growth(figure) {
        if (figure.growth === null) {
            return { text: _t("nothing to compare with"), icon: "", color: "text-muted" };
        }
        const up = figure.growth >= 0;
        return {
            text: `${up ? "+" : "−"}${formatFloat(Math.abs(figure.growth), { digits: [0, 1], trailingZeros: false })} %`,
            icon: up ? "fa-arrow-up" : "fa-arrow-down",
            color: up ? "text-success" : "text-danger",
            label: up ? _t("more than the period before") : _t("less than the period before"),
        };
    }

    /** What is not right comes first: all that is right needs one line. */
    get troubles() {
        return this.props.store.health.filter((fact) => fact.level === "danger" || fact.level === "warning");
    }
}
