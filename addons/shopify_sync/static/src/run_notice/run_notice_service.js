import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Tells whoever started an operation how it ended, with links to what it left. */
export const runNoticeService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, { action, bus_service, notification, orm }) {
        bus_service.subscribe("shopify_run_finished", ({ message, title, type, run_id, queues, logs }) => {
            const open = (method) => async () => action.doAction(await orm.call("shopify.run", method, [[run_id]]));
            const buttons = [];
            if (queues) {
                buttons.push({ name: _t("Queues"), primary: true, onClick: open("action_view_queues") });
            }
            if (logs) {
                buttons.push({ name: _t("Log Lines"), onClick: open("action_view_logs") });
            }
            notification.add(message, { title, type, sticky: type !== "success", buttons });
        });
        bus_service.start();
    },
};

registry.category("services").add("shopify_run_notice", runNoticeService);
