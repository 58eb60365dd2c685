import { Component, onMounted, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { sayQuantity } from "./quantity";

// Ten times what was ordered, or a tenth, is rather a slip of the hand: kg keyed in as g.
const TOO_FAR = 10;

/**
 * A quantity keyed in with the thumb, a keyboard or a scale that types: grams for what
 * is sold by the kilogram, the unit's own number otherwise.
 */
export class NumberPad extends Component {
    static template = "coop_logistics.NumberPad";
    static props = {
        title: String,
        hint: { type: String, optional: true },
        unit: { type: String, optional: true },
        isWeighed: { type: Boolean, optional: true },
        value: Number,
        expected: { type: Number, optional: true },
        // What is put on top of what there is: little is not strange.
        isMore: { type: Boolean, optional: true },
        step: { type: Number, optional: true },
        describe: { type: Function, optional: true },
        onConfirm: Function,
        onCancel: Function,
    };

    setup() {
        this.point = localization.decimalPoint || ",";
        this.dialog = useRef("dialog");
        // What is there is replaced by the first digit, as on a scale.
        this.state = useState({
            text: "",
            touched: false,
            inKilograms: false,
            isSure: false,
        });
        onMounted(() => this.dialog.el.focus());
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), {
            capture: true,
        });
    }

    get inGrams() {
        return Boolean(this.props.isWeighed && !this.state.inKilograms);
    }

    get factor() {
        return this.inGrams ? 1000 : 1;
    }

    get unit() {
        if (this.props.isWeighed) {
            return this.inGrams ? "g" : "kg";
        }
        return this.props.unit || "";
    }

    get otherUnit() {
        return this.inGrams ? "kg" : "g";
    }

    /** The same digits, in the other unit: 20 g were 20 kg. */
    switchUnit() {
        const text = this.text;
        this.state.inKilograms = !this.state.inKilograms;
        this.state.text = this.inGrams ? text.split(this.point)[0] : text;
        this.state.touched = true;
        this.state.isSure = false;
    }

    get start() {
        return this.toText(this.props.value);
    }

    toText(value) {
        const digits = this.inGrams ? 0 : 3;
        return String(Number((value * this.factor).toFixed(digits))).replace(
            ".",
            this.point
        );
    }

    get text() {
        return this.state.touched ? this.state.text || "0" : this.start;
    }

    get quantity() {
        return Number(this.text.replace(this.point, ".")) / this.factor;
    }

    /** A sentence where the quantity cannot be meant, or nothing. */
    get question() {
        const expected = this.props.expected || 0;
        const isFar =
            this.quantity > TOO_FAR * expected ||
            (!this.props.isMore &&
                this.quantity > 0 &&
                this.quantity * TOO_FAR < expected);
        if (expected && isFar) {
            return _t("%(quantity)s, really? %(expected)s was ordered.", {
                quantity: this.say(this.quantity),
                expected: this.say(expected),
            });
        }
        return "";
    }

    say(quantity) {
        return sayQuantity(quantity, this.props.unit);
    }

    get keys() {
        const middle = this.inGrams ? "00" : this.point;
        return ["7", "8", "9", "4", "5", "6", "1", "2", "3", middle, "0", "⌫"];
    }

    label(key) {
        return key === "⌫" ? _t("Erase the last digit") : key;
    }

    press(key) {
        let text = this.state.touched ? this.state.text : "";
        if (key === "⌫") {
            text = (this.state.touched ? this.state.text : this.start).slice(0, -1);
        } else if (key === this.point) {
            text = text.includes(this.point) ? text : (text || "0") + key;
        } else if (text.length < 7) {
            text += key;
        }
        this.state.text = text.replace(/^0+(?=\d)/, "");
        this.state.touched = true;
        this.state.isSure = false;
    }

    add(sign) {
        const step = this.props.isWeighed ? 0.01 : this.props.step || 1;
        const quantity = Math.max(this.quantity + sign * step, 0);
        this.state.text = this.toText(quantity);
        this.state.touched = true;
        this.state.isSure = false;
    }

    clear() {
        this.state.text = "";
        this.state.touched = true;
    }

    onKeydown(ev) {
        if (/^\d$/.test(ev.key)) {
            this.press(ev.key);
        } else if (ev.key === "." || ev.key === ",") {
            this.press(this.point);
        } else if (ev.key === "Backspace") {
            this.press("⌫");
        } else if (ev.key === "Enter") {
            this.confirm();
        } else if (ev.key === "Escape") {
            this.props.onCancel();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** What cannot be meant is asked once; the second time it is. */
    confirm() {
        if (Number.isNaN(this.quantity)) {
            return;
        }
        if (this.question && !this.state.isSure) {
            this.state.isSure = true;
            return;
        }
        this.props.onConfirm(this.quantity);
    }

    get confirmLabel() {
        return this.question && this.state.isSure
            ? _t("Yes, %s", this.say(this.quantity))
            : _t("OK");
    }
}
