import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** A text field that offers the texts of another field of the record; any other text may be entered, too. */
export class SuggestionsField extends CharField {
    static template = "shopify_sync.SuggestionsField";
    static props = { ...CharField.props, suggestions: { type: String } };

    get suggestions() {
        return this.props.record.data[this.props.suggestions] || [];
    }

    get listId() {
        return `shopify_suggestions_${this.props.name}`;
    }
}

registry.category("fields").add("shopify_suggestions", {
    ...charField,
    component: SuggestionsField,
    extractProps: (info, dynamic) => ({
        ...charField.extractProps(info, dynamic),
        suggestions: info.options.suggestions,
    }),
});
