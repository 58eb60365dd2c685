import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";

const NOTES = [5, 10, 20, 50];
const toNumber = (text) => Number(String(text).replace(",", ".")) || 0;
const round = (amount) => Math.round(amount * 100) / 100;

/** Cash with its change, cheques, cards, several of them, and the rest for later. */
export class TillPay extends Component {
    static template = "coop_till.TillPay";
    static props = {
        total: Number,
        money: Function,
        busy: Boolean,
        hasEmail: Boolean,
        receipt: Boolean,
        onConfirm: Function,
        onCancel: Function,
    };

    setup() {
        this.notes = NOTES;
        this.kinds = [
            { key: "cash", label: _t("Cash"), icon: "fa-money" },
            { key: "cheque", label: _t("Cheque"), icon: "fa-pencil-square-o" },
            { key: "card", label: _t("Card"), icon: "fa-credit-card" },
            { key: "transfer", label: _t("Bank Transfer"), icon: "fa-bank" },
            { key: "later", label: _t("Later"), icon: "fa-clock-o" },
        ];
        this.state = useState({
            payments: [],
            kind: "cash",
            amount: "",
            given: "",
            bank: "",
            number: "",
            receipt: this.props.receipt,
        });
        this.reset(this.props.total);
        onWillUpdateProps((next) => {
            if (next.total !== this.props.total) {
                this.state.payments = [];
                this.reset(next.total);
            }
        });
    }

    reset(rest) {
        Object.assign(this.state, {
            amount: rest.toFixed(2).replace(".", localization.decimalPoint || ","),
            given: "",
            bank: "",
            number: "",
        });
    }

    get paid() {
        return this.state.payments.reduce((sum, row) => sum + row.amount, 0);
    }

    get rest() {
        return round(this.props.total - this.paid);
    }

    get amount() {
        return round(toNumber(this.state.amount));
    }

    get isLater() {
        return ["later", "transfer"].includes(this.state.kind);
    }

    get change() {
        const given = toNumber(this.state.given);
        return given ? round(given - this.amount) : 0;
    }

    /** One sentence that says what to key in, or nothing. */
    get problem() {
        if (this.isLater) {
            return "";
        }
        if (this.amount > this.rest + 0.001) {
            return _t("Only %s are still to pay.", this.props.money(this.rest));
        }
        if (this.amount < 0) {
            return _t("An amount paid cannot be negative.");
        }
        if (this.state.kind === "cash" && this.change < 0) {
            return _t("%s are missing.", this.props.money(-this.change));
        }
        if (this.state.kind === "cheque" && this.amount && !this.state.number.trim()) {
            return _t("Copy the number of the cheque.");
        }
        return "";
    }

    get isEnough() {
        return this.isLater || this.rest - this.amount < 0.005;
    }

    label(kind) {
        return this.kinds.find((row) => row.key === kind).label;
    }

    choose(kind) {
        this.state.kind = kind;
        this.reset(this.rest);
    }

    give(note) {
        this.state.given = String(note);
    }

    get current() {
        return {
            kind: this.state.kind,
            amount: this.isLater ? 0 : this.amount,
            given: toNumber(this.state.given),
            bank: this.state.bank,
            number: this.state.number,
        };
    }

    add() {
        this.state.payments.push(this.current);
        this.choose(this.state.kind === "cash" ? "cheque" : "cash");
    }

    drop(index) {
        this.state.payments.splice(index, 1);
        this.reset(this.rest);
    }

    confirm() {
        const payments = [...this.state.payments];
        if (this.isLater || this.amount) {
            payments.push(this.current);
        }
        this.props.onConfirm(payments, this.props.hasEmail && this.state.receipt);
    }
}
