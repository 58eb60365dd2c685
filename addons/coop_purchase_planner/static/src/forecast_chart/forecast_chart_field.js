import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 36;
const BOTTOM = 22;
const TOP = 14;
// Ordinal 719163 (as Python counts) is the first of January 1970.
const EPOCH = 719163;

function toDate(ordinal) {
    return DateTime.fromMillis((ordinal - EPOCH) * 86400000, { zone: "utc" });
}

/** What a product sold day by day, what it will sell and how sure that is. */
export class ForecastChartField extends Component {
    static template = "coop_orders.ForecastChartField";
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data[this.props.name] || { sold: [], expected: [] };
    }

    get isEmpty() {
        const { sold, expected } = this.data;
        return ![...sold, ...expected].some((value) => value > 0);
    }

    get chart() {
        const { start, sold, expected, spread, lead } = this.data;
        const count = sold.length + expected.length;
        const most = Math.max(...sold, ...expected.map((value) => value + spread), 1);
        const step = (WIDTH - LEFT) / count;
        const x = (index) => LEFT + index * step;
        const y = (value) =>
            HEIGHT - BOTTOM - (Math.max(value, 0) / most) * (HEIGHT - BOTTOM - TOP);
        const say = (index, value) =>
            `${toDate(start + index).toLocaleString(DateTime.DATE_MED_WITH_WEEKDAY)} : ` +
            formatFloat(value, { digits: [16, 1] });
        const bar = (value, index) => ({
            x: x(index) + 0.5,
            y: y(value),
            width: Math.max(step - 1, 1),
            height: HEIGHT - BOTTOM - y(value),
            title: say(index, value),
        });
        const ahead = expected.map((value, index) => {
            const place = sold.length + index;
            const open = value > 0;
            return {
                ...bar(value, place),
                top: y(open ? value + spread : 0),
                bottom: y(open ? value - spread : 0),
            };
        });
        const mondays = [];
        for (let index = 0; index < count; index++) {
            if (toDate(start + index).weekday === 1) {
                mondays.push({
                    x: x(index),
                    label: toDate(start + index).toFormat("dd/MM"),
                });
            }
        }
        return {
            bars: sold.map(bar),
            ahead,
            delivery: x(sold.length + lead),
            mondays: mondays.filter((_monday, index) => index % 2 === 0),
            most: formatFloat(most, { digits: [16, 0] }),
        };
    }

    get width() {
        return WIDTH;
    }

    get height() {
        return HEIGHT;
    }

    get baseline() {
        return HEIGHT - BOTTOM;
    }

    get description() {
        const { sold, expected } = this.data;
        const total = (values) =>
            formatFloat(
                values.reduce((sum, value) => sum + value, 0),
                { digits: [16, 0] }
            );
        return _t(
            "%(sold)s sold in the last %(past)s days, %(expected)s expected in the next %(days)s",
            {
                sold: total(sold),
                past: sold.length,
                expected: total(expected),
                days: expected.length,
            }
        );
    }
}

export const forecastChartField = {
    component: ForecastChartField,
    displayName: _t("Forecast"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("coop_forecast_chart", forecastChartField);
