import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const WIDTH = 72;
const HEIGHT = 20;
const MARGIN = 2;

/** A list of numbers, oldest first, as a small line: one look at what it does. */
export class SparklineField extends Component {
    static template = "coop_orders.SparklineField";
    static props = { ...standardFieldProps };

    get values() {
        return this.props.record.data[this.props.name] || [];
    }

    get isEmpty() {
        return this.values.length < 2 || this.values.every((value) => !value);
    }

    get points() {
        const top = Math.max(...this.values);
        const low = Math.min(0, ...this.values);
        const step = (WIDTH - 2 * MARGIN) / (this.values.length - 1);
        const scale = (HEIGHT - 2 * MARGIN) / (top - low || 1);
        return this.values.map((value, index) => [
            MARGIN + index * step,
            HEIGHT - MARGIN - (value - low) * scale,
        ]);
    }

    get line() {
        return this.points.map((point) => point.map((x) => x.toFixed(1)).join(",")).join(" ");
    }

    get last() {
        return this.points.at(-1);
    }

    /** The numbers themselves, for the mouse and for screen readers. */
    get description() {
        const numbers = this.values.map((value) => formatFloat(value, { digits: [16, 0] }));
        return _t("Per week, oldest first: %s", numbers.join(" · "));
    }
}

export const sparklineField = {
    component: SparklineField,
    displayName: _t("Sparkline"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("coop_sparkline", sparklineField);
