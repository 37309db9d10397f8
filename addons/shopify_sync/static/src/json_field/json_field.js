import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** One value of the data: a word, or a list or object that unfolds. The first level is open. */
class JsonNode extends Component {
    static template = "shopify_sync.JsonNode";
    static props = { name: String, value: true, depth: Number };

    get children() {
        const { value } = this.props;
        return value && typeof value === "object" ? Object.entries(value) : null;
    }

    get size() {
        return Array.isArray(this.props.value) ? `[${this.children.length}]` : `{${this.children.length}}`;
    }

    get text() {
        return JSON.stringify(this.props.value);
    }
}
JsonNode.components = { JsonNode };

/** Text that holds JSON, to be read: folded, with a button that copies all of it. */
export class JsonField extends Component {
    static template = "shopify_sync.JsonField";
    static components = { JsonNode };
    static props = { ...standardFieldProps };

    setup() {
        this.notification = useService("notification");
    }

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    /** The data, or undefined when the text is no JSON. */
    get value() {
        try {
            return JSON.parse(this.text);
        } catch {
            return undefined;
        }
    }

    async copy() {
        try {
            await navigator.clipboard.writeText(this.text);
        } catch {
            // a page without https has no clipboard
            this.notification.add(_t("The browser does not let this page copy: mark the text and copy it."), { type: "warning" });
            return;
        }
        this.notification.add(_t("Copied"), { type: "success" });
    }
}

registry.category("fields").add("shopify_json", { component: JsonField, supportedTypes: ["text", "char"] });
