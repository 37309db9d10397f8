import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { QueueCounters } from "./queue_counters";

export class QueueListRenderer extends ListRenderer {
    static template = "shopify_sync.QueueListRenderer";
    static components = { ...ListRenderer.components, QueueCounters };
}

registry.category("views").add("shopify_queue_list", { ...listView, Renderer: QueueListRenderer });
