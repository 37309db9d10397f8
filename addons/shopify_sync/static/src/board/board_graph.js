import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, hexToRGBA } from "@web/core/colors/colors";
import { formatCurrency } from "@web/core/currency";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

const TITLES = { sales: _t("Sales"), orders: _t("Orders"), average: _t("Average order") };

/** Sales of a period as a line: days of a week or month, months of a year or of all. */
export class BoardGraph extends Component {
    static template = "shopify_sync.BoardGraph";
    static props = { graph: Object };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [JSON.stringify(this.props.graph)]
        );
    }

    get title() {
        return TITLES[this.props.graph.kind];
    }

    /** What a screen reader says instead of the picture. */
    get summary() {
        const { labels, values } = this.props.graph;
        return `${this.title}: ${labels
            .map((label, index) => [label, values[index]])
            .filter(([, value]) => value)
            .map(([label, value]) => `${label} ${this.format(value)}`)
            .join(", ")}`;
    }

    format(value) {
        const { kind, currency_id } = this.props.graph;
        return kind === "orders" ? String(value) : formatCurrency(value, currency_id);
    }

    get config() {
        const { labels, values } = this.props.graph;
        const line = getColor(3, cookie.get("color_scheme"), "odoo");
        // as the page has them, so that the graph is right in whatever scheme is really shown
        const style = getComputedStyle(this.canvas.el);
        const text = style.color;
        const grid = style.getPropertyValue("--border-color").trim() || "rgba(128, 128, 128, 0.3)";
        return {
            type: "line",
            data: {
                labels,
                datasets: [
                    {
                        data: values,
                        label: this.title,
                        borderColor: line,
                        backgroundColor: hexToRGBA(line, 0.2),
                        borderWidth: 2,
                        fill: "start",
                        pointRadius: values.filter((value) => value !== null).length > 1 ? 0 : 3,
                        pointHitRadius: 12,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        intersect: false,
                        rtl: localization.direction === "rtl",
                        callbacks: { label: (item) => this.format(item.raw) },
                    },
                },
                scales: {
                    x: {
                        reverse: localization.direction === "rtl",
                        grid: { display: false },
                        border: { color: grid },
                        ticks: { color: text, maxRotation: 0, autoSkip: true, maxTicksLimit: 8 },
                    },
                    y: {
                        beginAtZero: true,
                        position: localization.direction === "rtl" ? "right" : "left",
                        grid: { color: grid },
                        border: { display: false },
                        ticks: { color: text, maxTicksLimit: 4, precision: 0 },
                    },
                },
            },
        };
    }
}
