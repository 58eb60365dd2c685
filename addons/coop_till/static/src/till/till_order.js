import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { NumberPad } from "@coop_logistics/pad/number_pad";
import { sayQuantity } from "@coop_logistics/pad/quantity";
import { TillPay } from "./till_pay";

const same = (a, b) => Math.abs(a - b) < 0.0005;

/**
 * A member's basket, full screen: tick, weigh, remove, add left-overs, be paid.
 *
 * What was ticked and weighed is kept on the device until the basket is handed over: a
 * tablet that falls asleep loses nothing.
 */
export class TillOrder extends Component {
    static template = "coop_till.TillOrder";
    static components = { NumberPad, TillPay };
    static props = {
        orderId: Number,
        distributionId: Number,
        hasTill: Boolean,
        money: Function,
        onServed: Function,
        onBack: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.state = useState({
            order: null,
            lines: [],
            ticked: {},
            total: 0,
            by: "",
            hasProxy: false,
            pad: null,
            extras: null,
            extraSearch: "",
            isPaying: false,
            correcting: null,
            reason: "",
            returning: null,
            busy: false,
        });
        this.refreshTotal = useDebounced(() => this.computeTotal(), 200);
        onWillStart(() => this.load());
    }

    get key() {
        return `coop_till_${this.props.orderId}`;
    }

    get isServed() {
        return this.state.order.state === "served";
    }

    /** Of the total, what the member has in advance. */
    get credit() {
        return Math.max(Math.min(this.state.order.credit, this.state.total), 0);
    }

    get toPay() {
        return Math.round((this.state.total - this.credit) * 100) / 100;
    }

    async load() {
        const order = await this.orm.call("sale.order", "coop_till_read", [
            [this.props.orderId],
        ]);
        Object.assign(this.state, {
            order,
            lines: order.lines,
            total: order.due,
            by: order.collected_by,
            hasProxy: !!order.collected_by,
            isPaying: false,
            correcting: null,
            reason: "",
            returning: null,
        });
        if (order.state === "served") {
            browser.localStorage.removeItem(this.key);
        } else {
            this.restore();
        }
    }

    // ------------------------------------------------------------------
    // Kept on the device
    // ------------------------------------------------------------------

    keep() {
        const changes = {};
        for (const line of this.state.lines) {
            if (line.id && !same(line.quantity, line.start)) {
                changes[line.id] = line.quantity;
            }
        }
        const extras = this.state.lines.filter((line) => !line.id);
        browser.localStorage.setItem(
            this.key,
            JSON.stringify({
                changes,
                extras,
                ticked: this.state.ticked,
                by: this.state.by,
            })
        );
        this.refreshTotal();
    }

    restore() {
        let kept = null;
        try {
            kept = JSON.parse(browser.localStorage.getItem(this.key));
        } catch {
            browser.localStorage.removeItem(this.key);
        }
        if (!kept) {
            return;
        }
        for (const line of this.state.lines) {
            line.quantity = kept.changes[line.id] ?? line.quantity;
        }
        this.state.lines.push(...kept.extras);
        this.state.ticked = kept.ticked || {};
        this.state.by = kept.by || this.state.by;
        this.state.hasProxy = !!this.state.by;
        this.refreshTotal();
    }

    // ------------------------------------------------------------------
    // The basket
    // ------------------------------------------------------------------

    get changes() {
        const quantities = {};
        for (const line of this.state.lines) {
            if (line.id && !same(line.quantity, line.start)) {
                quantities[line.id] = line.quantity;
            }
        }
        const extras = this.state.lines
            .filter((line) => !line.id && line.quantity > 0)
            .map((line) => ({ offer_id: line.offer_id, quantity: line.quantity }));
        return { quantities, extras };
    }

    async computeTotal() {
        if (!this.state.order || this.isServed) {
            return;
        }
        const { quantities, extras } = this.changes;
        this.state.total = await this.keepLast.add(
            this.orm.silent.call("sale.order", "coop_till_amount", [
                [this.props.orderId],
                quantities,
                extras,
            ])
        );
    }

    say(line, quantity = line.quantity) {
        return sayQuantity(quantity, line.unit);
    }

    amount(line) {
        return this.props.money(line.quantity * line.price);
    }

    tick(line) {
        const key = line.id || `o${line.offer_id}`;
        this.state.ticked[key] = !this.state.ticked[key];
        this.keep();
    }

    isTicked(line) {
        return !!this.state.ticked[line.id || `o${line.offer_id}`];
    }

    get tickedCount() {
        return this.state.lines.filter((line) => this.isTicked(line)).length;
    }

    openPad(line) {
        if (this.isServed) {
            return;
        }
        this.state.pad = {
            title: line.product,
            hint: line.ordered_text ? _t("Ordered: %s", line.ordered_text) : "",
            unit: line.unit,
            isWeighed: line.is_weighed,
            value: line.quantity,
            step: line.step,
            expected: Math.max(line.ordered || 0, line.start || 0),
            describe: (quantity) =>
                `${this.say(line, quantity)} × ${this.props.money(line.price)} = ` +
                this.props.money(quantity * line.price),
            onConfirm: (quantity) => {
                line.quantity = quantity;
                this.state.ticked[line.id || `o${line.offer_id}`] = true;
                this.state.pad = null;
                this.keep();
            },
        };
    }

    remove(line) {
        if (line.id) {
            line.quantity = line.quantity ? 0 : line.start;
        } else {
            this.state.lines.splice(this.state.lines.indexOf(line), 1);
        }
        this.keep();
    }

    removeLabel(line) {
        return line.quantity
            ? _t("Remove %s", line.product)
            : _t("Put %s back", line.product);
    }

    isChanged(line) {
        return line.id && !same(line.quantity, line.ordered);
    }

    // ------------------------------------------------------------------
    // Left-overs
    // ------------------------------------------------------------------

    async openExtras() {
        this.state.extraSearch = "";
        this.state.extras = await this.orm.call(
            "coop.distribution",
            "coop_till_extras",
            [this.props.distributionId]
        );
    }

    get shownExtras() {
        const text = this.state.extraSearch.toLowerCase();
        return this.state.extras.filter((extra) =>
            extra.product.toLowerCase().includes(text)
        );
    }

    addExtra(extra) {
        this.state.extras = null;
        let line = this.state.lines.find((row) => row.offer_id === extra.offer_id);
        if (!line) {
            this.state.lines.push({
                ...extra,
                id: 0,
                is_extra: true,
                ordered: 0,
                start: 0,
                quantity: 0,
                ordered_text: "",
            });
            // As the screen sees it
            line = this.state.lines.at(-1);
        }
        this.openPad(line);
        // What is keyed in here is put on top of what the basket has.
        const before = line.quantity || 0;
        const { onConfirm } = this.state.pad;
        Object.assign(this.state.pad, {
            title: _t("More %s", line.product),
            isMore: true,
            hint: extra.left_text ? _t("Left over: %s", extra.left_text) : "",
            expected: Math.max(before, extra.left),
            value: 0,
            describe: (quantity) =>
                `+ ${this.say(line, quantity)} → ${this.say(line, before + quantity)} ` +
                `(${this.props.money((before + quantity) * line.price)})`,
            onConfirm: (quantity) => onConfirm(before + quantity),
        });
    }

    closePad() {
        this.state.pad = null;
        this.state.lines = this.state.lines.filter(
            (line) => line.id || line.quantity > 0
        );
    }

    // ------------------------------------------------------------------
    // Handing over
    // ------------------------------------------------------------------

    async pay(payments, receipt) {
        this.state.busy = true;
        try {
            const result = await this.orm.call("sale.order", "coop_till_serve", [
                [this.props.orderId],
                {
                    ...(this.isServed ? {} : this.changes),
                    payments,
                    ...(this.state.order.has_email ? { receipt } : {}),
                    collected_by: this.state.hasProxy ? this.state.by : "",
                },
            ]);
            browser.localStorage.removeItem(this.key);
            this.props.onServed(
                result.due > 0
                    ? _t("%(member)s is served, %(due)s to pay later.", {
                          member: this.state.order.partner,
                          due: this.props.money(result.due),
                      })
                    : _t("%s is served and has paid.", this.state.order.partner)
            );
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.notification.add(
                    _t(
                        "No connection: nothing is lost, try again. Nobody pays twice."
                    ),
                    { type: "danger" }
                );
                return;
            }
            await this.load();
            throw error;
        } finally {
            this.state.busy = false;
        }
    }

    async mailReceipt() {
        const address = await this.orm.call("sale.order", "coop_till_receipt", [
            [this.props.orderId],
        ]);
        this.notification.add(_t("The receipt goes to %s.", address), {
            type: "success",
        });
    }

    printReceipt() {
        return this.action.doAction("coop_till.action_report_receipt", {
            additionalContext: { active_ids: [this.props.orderId] },
        });
    }

    /** Weighed and closed: a driver hands it over at the member's door. */
    async ready() {
        this.state.busy = true;
        try {
            const due = await this.orm.call("sale.order", "coop_till_ready", [
                [this.props.orderId],
                this.changes,
            ]);
            browser.localStorage.removeItem(this.key);
            this.props.onServed(
                _t("The basket of %(member)s is ready for the round: %(due)s.", {
                    member: this.state.order.partner,
                    due: this.props.money(due),
                })
            );
        } finally {
            this.state.busy = false;
        }
    }

    async noShow() {
        await this.orm.call("sale.order", "action_coop_no_show", [
            [this.props.orderId],
        ]);
        this.props.onBack();
    }

    /** A member brings something back: how much of it, then why. */
    startReturn(line) {
        this.state.pad = {
            title: line.product,
            hint: _t("Brought back"),
            unit: line.unit,
            isWeighed: line.is_weighed,
            value: line.delivered,
            expected: line.delivered,
            onConfirm: (quantity) => {
                this.state.pad = null;
                this.state.reason = "";
                this.state.correcting = null;
                this.state.returning = { line, quantity, isSpoilt: true };
            },
        };
    }

    async giveBack(inCash) {
        const { line, quantity, isSpoilt } = this.state.returning;
        this.state.busy = true;
        try {
            const result = await this.orm.call("sale.order", "coop_till_return", [
                [this.props.orderId],
                {
                    line_id: line.id,
                    quantity,
                    delivered: line.delivered,
                    reason: this.state.reason,
                    is_spoilt: isSpoilt,
                    in_cash: inCash,
                },
            ]);
            this.notification.add(
                _t("Credit note of %(amount)s, %(refunded)s given back in cash.", {
                    amount: this.props.money(result.amount),
                    refunded: this.props.money(result.refunded),
                }),
                { type: "success" }
            );
        } finally {
            this.state.busy = false;
        }
        await this.load();
    }

    /** A payment, money given back or a return that was a mistake. */
    startCorrection(payment) {
        this.state.correcting = payment;
        this.state.reason = "";
        this.state.returning = null;
    }

    async correct() {
        const { id, return_id } = this.state.correcting;
        this.state.busy = true;
        try {
            await this.orm.call(
                "sale.order",
                return_id ? "coop_till_undo_return" : "coop_till_correct",
                [[this.props.orderId], return_id || id, this.state.reason]
            );
        } finally {
            this.state.busy = false;
        }
        await this.load();
    }
}
