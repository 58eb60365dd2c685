import { Component } from "@odoo/owl";

const WIDTH = 280;
const HEIGHT = 120;
const LEFT = 4;
const BOTTOM = 16;
const TOP = 12;

/**
 * Bars of a figure over time, with what it is compared to as a line.
 *
 * A point without a value (`null`) is a gap: nothing happened then, which is not zero.
 * Every bar says its value in words to pointer and screen reader.
 */
export class SmallChart extends Component {
    static template = "coop_reconciliation.SmallChart";
    static props = {
        // [{ label, value: number | null, title, reference?: number | null }]
        points: Array,
        label: String,
        // Below it a bar is marked; above it with `lowIsGood`.
        limit: { type: Number, optional: true },
        lowIsGood: { type: Boolean, optional: true },
        min: { type: Number, optional: true },
        max: { type: Number, optional: true },
        onChoose: { type: Function, optional: true },
    };

    get isEmpty() {
        return this.props.points.every(({ value }) => value === null);
    }

    get chart() {
        const { points, limit, lowIsGood } = this.props;
        const values = points
            .flatMap(({ value, reference }) => [value, reference ?? null])
            .filter((value) => value !== null);
        const least = Math.min(0, this.props.min ?? 0, ...values);
        const most = Math.max(this.props.max ?? 0, ...values, least + 0.0001);
        const inside = HEIGHT - BOTTOM - TOP;
        const y = (value) => TOP + ((most - value) / (most - least)) * inside;
        const step = (WIDTH - 2 * LEFT) / points.length;
        const width = Math.min(step * 0.7, 34);
        const every = Math.ceil(points.length / 6);
        const bars = points.map((point, index) => {
            const center = LEFT + step * (index + 0.5);
            const value = point.value;
            const bad =
                value !== null &&
                limit !== undefined &&
                (lowIsGood ? value > limit : value < limit);
            return {
                ...point,
                index,
                center,
                x: center - width / 2,
                width,
                y: value === null ? 0 : Math.min(y(value), y(0)),
                height: value === null ? 0 : Math.max(Math.abs(y(value) - y(0)), 1.5),
                bad,
                tick: index % every === 0 ? point.label : "",
            };
        });
        const line = points
            .map(({ reference }, index) =>
                reference === null || reference === undefined
                    ? null
                    : `${bars[index].center.toFixed(1)},${y(reference).toFixed(1)}`
            )
            .filter(Boolean)
            .join(" ");
        return { bars, line, zero: y(0), width: WIDTH, height: HEIGHT };
    }
}
