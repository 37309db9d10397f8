import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { session } from "@web/session";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { BoardCard } from "./board_card";
import { SetupPanel } from "./setup_panel";
import { Component, onMounted, onWillStart, onWillUnmount, status, useState } from "@odoo/owl";

const NOTICE = "shopify_sync/board";
/** So long (ms) the board waits for more notices, and so long at least passes between two looks. */
const GATHER = 1500;
const PAUSE = 5000;
/** Stores whose set-up a person left open when asked: every board of this page knows, also one that replaces another. */
const leftOpen = new Set();

/** The dashboard: guided set-up and a card per store, read in one request and again when queues move. */
export class ShopifyBoard extends Component {
    static template = "shopify_sync.Board";
    static components = { Layout, BoardCard, SetupPanel, Dropdown, DropdownItem };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.bus = useService("bus_service");
        this.keepLast = new KeepLast();
        this.state = useState({ board: null, periods: {}, setupOf: null });
        this.closeQuestion = null;
        this.display = { controlPanel: {} };
        this.onNotice = () => this.lookSoon();
        this.onVisible = () => this.stale && this.lookSoon();
        onWillStart(() => this.load());
        onMounted(() => {
            this.bus.subscribe(NOTICE, this.onNotice);
            document.addEventListener("visibilitychange", this.onVisible);
            this.askWhetherReady();
        });
        onWillUnmount(() => {
            this.bus.unsubscribe(NOTICE, this.onNotice);
            document.removeEventListener("visibilitychange", this.onVisible);
            browser.clearTimeout(this.timer);
            // its answer would come to a board that is gone; the one that takes its place asks again
            this.closeQuestion?.();
        });
    }

    async load() {
        // a dialog may close after the board has gone
        if (status(this) === "destroyed") {
            return;
        }
        this.stale = false;
        this.lastLook = Date.now();
        this.state.board = await this.keepLast.add(
            this.orm.silent.call("shopify.instance", "read_board", [this.state.periods])
        );
        this.forgetLists();
        this.askWhetherReady();
    }

    /** Lists have a Store column when there are several stores: views that the browser keeps are of before. */
    forgetLists() {
        const key = `shopify_sync.stores.${session.db}`;
        const stores = String(this.state.board.stores.length);
        if (browser.localStorage.getItem(key) !== stores) {
            browser.localStorage.setItem(key, stores);
            rpcBus.trigger("CLEAR-CACHES", "get_views");
        }
    }

    /** Look again soon: many notices make one look, and a board that nobody sees waits until somebody does. */
    lookSoon() {
        this.stale = true;
        if (document.hidden || this.timer) {
            return;
        }
        const wait = Math.max(GATHER, this.lastLook + PAUSE - Date.now());
        this.timer = browser.setTimeout(async () => {
            this.timer = null;
            await this.load();
        }, wait);
    }

    // Guided set-up

    /** The store whose steps are shown: the one chosen, else the first that is not ready, else none. */
    get guide() {
        const { setup } = this.state.board;
        if (!setup) {
            return null;
        }
        if (this.state.setupOf === 0 || setup.first) {
            return setup.new;
        }
        return setup.stores.find((store) => store.id === this.state.setupOf) || setup.stores[0] || null;
    }

    get otherSetups() {
        return this.state.board.setup.stores.filter((store) => store.id !== this.guide?.id);
    }

    showSetup(storeId) {
        this.state.setupOf = storeId;
    }

    /** Asked by a board that is on the screen: a dialog that reloads the page makes a second one beside the first. */
    askWhetherReady() {
        const { setup } = this.state.board;
        const store = setup && setup.stores.find((one) => one.complete && !leftOpen.has(one.id));
        if (store && status(this) === "mounted") {
            this.confirmReady(store);
        }
    }

    confirmReady(store) {
        if (this.closeQuestion) {
            return;
        }
        this.closeQuestion = this.dialog.add(
            ConfirmationDialog,
            {
                title: _t("Is everything ready?"),
                body: _t("All four steps of %s are done. Yes closes the set-up; every setting stays within reach.", store.name),
                confirmLabel: _t("Yes"),
                cancelLabel: _t("Not yet"),
                confirm: async () => {
                    await this.orm.call("shopify.instance", "action_setup_close", [[store.id]]);
                    await this.load();
                },
                cancel: () => leftOpen.add(store.id),
            },
            { onClose: () => (this.closeQuestion = null) }
        );
    }

    openStep(step) {
        const store = this.guide.id;
        if (store || step.key === "connection") {
            if (!store) {
                this.state.setupOf = null;
            }
            return this.run(store, `action_setup_${step.key}`);
        }
    }

    // Cards

    /** Call a method of a store, and open what it answers; the board looks again when a dialog closes. */
    async run(storeId, method, context = {}) {
        const ids = storeId ? [storeId] : [];
        const action = await this.orm.call("shopify.instance", method, [ids], { context });
        if (action && action.type) {
            await this.action.doAction(action, { onClose: () => this.load() });
        }
        if (!action || action.type === "ir.actions.client") {
            await this.load();
        }
    }

    openList(storeId, key) {
        return this.run(storeId, "action_view_list", { shopify_list: key });
    }

    async setPeriod(storeId, period) {
        this.state.periods[storeId] = period;
        await this.load();
    }

    async setColor(storeId, color) {
        await this.orm.call("shopify.instance", "set_board_color", [[storeId], color]);
        await this.load();
    }
}

registry.category("actions").add("shopify_board", ShopifyBoard);
