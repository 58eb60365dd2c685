import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const plain = (text) =>
    text
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "")
        .toLowerCase();

export const STATES = {
    expected: { icon: "fa-clock-o", label: _t("Expected"), color: "body" },
    here: { icon: "fa-hand-paper-o", label: _t("Here"), color: "primary" },
    served: { icon: "fa-check-circle", label: _t("Served"), color: "success" },
    no_show: { icon: "fa-user-times", label: _t("Did not come"), color: "warning" },
};

/** Members of the day, by slot; who is here comes first in the slot. */
export class TillList extends Component {
    static template = "coop_till.TillList";
    static props = {
        data: Object,
        ui: Object,
        money: Function,
        onOpen: Function,
        onCheckIn: Function,
    };

    setup() {
        this.states = STATES;
        this.ui = useState(this.props.ui);
    }

    get counts() {
        const counts = { expected: 0, here: 0, served: 0, no_show: 0 };
        for (const order of this.props.data.orders) {
            counts[order.state]++;
        }
        return counts;
    }

    get groups() {
        const words = plain(this.ui.search).split(/\s+/).filter(Boolean);
        const found = this.props.data.orders.filter((order) => {
            const text = plain(
                `${order.partner} ${order.number} ${order.name} ${order.phone} ${order.by}`
            );
            return (
                (!this.ui.filter || order.state === this.ui.filter) &&
                words.every((word) => text.includes(word))
            );
        });
        const names = new Map(this.props.data.slots.map((slot) => [slot.id, slot.name]));
        const groups = this.props.data.slots.map((slot) => ({
            key: slot.id,
            name: slot.name,
            orders: found.filter((order) => order.slot_id === slot.id),
        }));
        groups.push({
            key: 0,
            name: this.props.data.slots.length ? _t("No slot") : "",
            orders: found.filter((order) => !names.has(order.slot_id)),
        });
        for (const group of groups) {
            group.orders.sort((a, b) => (b.state === "here") - (a.state === "here"));
        }
        return groups.filter((group) => group.orders.length);
    }

    callLabel(order) {
        return _t("Call %(member)s, %(phone)s", {
            member: order.partner,
            phone: order.phone,
        });
    }

    toggle(state) {
        this.ui.filter = this.ui.filter === state ? "" : state;
    }

    onSearchKeydown(ev) {
        const [group] = this.groups;
        if (ev.key === "Enter" && group) {
            this.props.onOpen(group.orders[0]);
        }
    }
}
