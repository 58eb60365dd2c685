import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { NumberPad } from "../pad/number_pad";
import { registry } from "@web/core/registry";
import { sayQuantity } from "../pad/quantity";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

/**
 * What is left at the end of a distribution: back to stock, or lost and why.
 *
 * Nothing moves before it is recorded; until then the counts stay on the phone.
 */
export class Leftovers extends Component {
    static template = "coop_logistics.Leftovers";
    static components = { NumberPad };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ data: null, pad: null, search: "", busy: false });
        const { params, context } = this.props.action;
        this.id =
            params?.distribution_id ||
            (context?.active_model === "coop.distribution" && context.active_id) ||
            Number(browser.sessionStorage.getItem("coop_leftovers_distribution"));
        onWillStart(() => this.load());
    }

    get key() {
        return `coop_leftovers_${this.id}`;
    }

    async load() {
        if (!this.id) {
            return;
        }
        browser.sessionStorage.setItem("coop_leftovers_distribution", this.id);
        const data = await this.orm.call("coop.distribution", "coop_leftovers_load", [
            this.id,
        ]);
        if (!data.done) {
            this.restore(data);
        }
        this.state.data = data;
    }

    /** Counted before the page was left: the phone remembers. */
    restore(data) {
        const kept = JSON.parse(browser.localStorage.getItem(this.key) || "{}");
        for (const row of [...data.rows, ...data.others]) {
            Object.assign(row, kept[row.offer_id] || {});
        }
    }

    keep() {
        const kept = {};
        for (const row of this.all) {
            if (row.stock !== false) {
                const { stock, loss, reason_id } = row;
                kept[row.offer_id] = { stock, loss, reason_id };
            }
        }
        browser.localStorage.setItem(this.key, JSON.stringify(kept));
    }

    get all() {
        return [...this.state.data.rows, ...this.state.data.others];
    }

    /** What is expected, and what was found besides. */
    get shown() {
        const { rows, others } = this.state.data;
        return [
            ...rows,
            ...others.filter((row) => row.stock !== false && row.stock + row.loss > 0),
        ];
    }

    get found() {
        const wanted = this.state.search.trim().toLowerCase();
        if (wanted.length < 2) {
            return [];
        }
        return this.state.data.others
            .filter((row) => row.product.toLowerCase().includes(wanted))
            .slice(0, 8);
    }

    get progress() {
        const { rows } = this.state.data;
        const done = rows.filter((row) => this.isCounted(row)).length;
        return {
            done,
            count: rows.length,
            percent: rows.length ? (100 * done) / rows.length : 100,
        };
    }

    get canRecord() {
        const { done, count } = this.progress;
        return (
            done === count &&
            !this.state.busy &&
            this.all.every((row) => !row.loss || row.reason_id)
        );
    }

    isCounted(row) {
        return row.stock !== false;
    }

    say(row, quantity) {
        return sayQuantity(quantity, row.unit);
    }

    /** In words, what does not fit with what should be left. */
    difference(row) {
        if (!this.isCounted(row)) {
            return "";
        }
        const value = row.stock + row.loss - row.expected;
        if (Math.abs(value) < 0.0005) {
            return "";
        }
        return value < 0
            ? _t("%s missing", this.say(row, -value))
            : _t("%s more than expected", this.say(row, value));
    }

    set(row, values) {
        Object.assign(row, values);
        if (row.stock === false) {
            row.stock = Math.max(row.expected - row.loss, 0);
        }
        if (!row.loss) {
            row.reason_id = false;
        }
        this.keep();
    }

    allToStock(row) {
        this.set(row, { stock: row.expected, loss: 0 });
    }

    allAsExpected() {
        for (const row of this.state.data.rows) {
            if (!this.isCounted(row)) {
                this.allToStock(row);
            }
        }
    }

    openPad(row, field) {
        if (this.state.data.done) {
            return;
        }
        const start =
            field === "stock" ? (this.isCounted(row) ? row.stock : row.expected) : row.loss;
        this.state.pad = {
            title: row.product,
            hint: field === "stock" ? _t("Back to stock") : _t("Lost"),
            unit: row.unit,
            isWeighed: row.is_weighed,
            value: start,
            expected: row.expected,
            onConfirm: (quantity) => {
                this.state.pad = null;
                const values = { [field]: quantity };
                if (field === "loss" && this.isCounted(row)) {
                    // What is thrown away does not go back to the shelf.
                    const known = row.stock + row.loss;
                    values.stock = Math.max(Number((known - quantity).toFixed(3)), 0);
                }
                this.set(row, values);
                this.state.search = "";
            },
            onCancel: () => {
                this.state.pad = null;
            },
        };
    }

    choose(row, reason) {
        this.set(row, { reason_id: row.reason_id === reason.id ? false : reason.id });
    }

    async saveEquipment(text) {
        this.state.data.equipment = text;
        await this.orm.call("coop.distribution", "coop_equipment_write", [
            this.id,
            text,
        ]);
        this.notification.add(_t("Written for the next loading."), { type: "success" });
    }

    async record() {
        this.state.busy = true;
        try {
            const rows = this.all
                .filter((row) => this.isCounted(row))
                .map(({ offer_id, stock, loss, reason_id, note }) => ({
                    offer_id,
                    stock,
                    loss,
                    reason_id,
                    note,
                }));
            this.state.data = await this.orm.call(
                "coop.distribution",
                "coop_leftovers_record",
                [this.id, rows]
            );
            browser.localStorage.removeItem(this.key);
            this.notification.add(_t("The left-overs are recorded."), {
                type: "success",
            });
        } finally {
            this.state.busy = false;
        }
    }

    async back() {
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "coop.distribution",
            res_id: this.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("coop_logistics.leftovers", Leftovers);
