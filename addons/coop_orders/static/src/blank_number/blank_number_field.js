import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";
import { registry } from "@web/core/registry";

/** Limits and minimums where 0 means "none": nothing is shown, rather than a zero. */
const blank = (Field) =>
    class extends Field {
        get formattedValue() {
            return this.value ? super.formattedValue : "";
        }
    };

const fields = registry.category("fields");
fields.add("coop_blank_float", { ...floatField, component: blank(FloatField) });
fields.add("coop_blank_monetary", {
    ...monetaryField,
    component: blank(MonetaryField),
});
