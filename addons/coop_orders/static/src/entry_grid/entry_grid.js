import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

const MOVES = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    Enter: [0, 1],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
};

/**
 * Members down, products across: digits, arrows and Enter are enough. A cell is saved
 * when it is left; the row turns red with the reason when it is refused.
 */
export class EntryGrid extends Component {
    static template = "coop_orders.EntryGrid";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.table = useRef("table");
        this.windowId = this.props.action.context.active_id;
        this.lastSave = Promise.resolve();
        this.state = useState({ data: null, search: "", channel: "paper", saving: 0 });
        onWillStart(() => this.load());
        useEffect(
            () => this.focus(0, 0),
            () => [this.state.data?.group_id]
        );
    }

    async load(groupId = null) {
        this.state.data = await this.orm.call("coop.order.window", "get_entry_grid", [
            [this.windowId],
            groupId,
        ]);
    }

    get members() {
        const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
        const search = plain(this.state.search);
        return this.state.data.members.filter((member) =>
            plain(`${member.name} ${member.number}`).includes(search)
        );
    }

    get total() {
        return this.state.data.members.reduce((sum, member) => sum + member.amount, 0);
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.data.currency_id });
    }

    show(member, offer) {
        return this.number(member.quantities[offer.id]);
    }

    number(quantity) {
        return quantity ? formatFloat(quantity, { digits: [16, 3], trailingZeros: false }) : "";
    }

    offerTotal(offer) {
        const total = this.state.data.members.reduce(
            (sum, member) => sum + (member.quantities[offer.id] || 0),
            0
        );
        return this.number(total);
    }

    stateText(member) {
        return {
            draft: _t("Basket"),
            sent: _t("Validated"),
            sale: _t("Confirmed"),
        }[member.state];
    }

    focus(row, column) {
        const input = this.table.el?.querySelector(
            `input[data-row="${row}"][data-column="${column}"]`
        );
        if (input) {
            input.focus();
            input.select();
        }
        return Boolean(input);
    }

    onKeydown(ev) {
        const move = MOVES[ev.key];
        if (!move) {
            return;
        }
        ev.preventDefault();
        const row = Number(ev.target.dataset.row);
        const column = Number(ev.target.dataset.column);
        if (!this.focus(row + move[0], column + move[1]) && ev.key === "Enter") {
            this.focus(row + 1, 0);
        }
    }

    async onChange(member, offer, ev) {
        const input = ev.target;
        const text = input.value.trim().replace(",", ".");
        const quantity = text === "" ? 0 : Number(text);
        if (!Number.isFinite(quantity) || quantity < 0) {
            member.message = _t("Give a quantity, for instance 2.");
            input.value = this.show(member, offer);
            return;
        }
        this.state.saving++;
        // One at a time: two first quantities at once would both create the order.
        const turn = this.lastSave;
        let release;
        this.lastSave = new Promise((resolve) => (release = resolve));
        await turn;
        try {
            const row = await this.orm.call("coop.order.window", "set_entry_quantity", [
                [this.windowId],
                member.id,
                offer.id,
                quantity,
                this.state.channel,
            ]);
            Object.assign(member, row);
            input.value = this.show(member, offer);
        } catch (error) {
            input.value = this.show(member, offer);
            member.message = error.data?.message || _t("Not saved: try again.");
        } finally {
            this.state.saving--;
            release();
        }
    }

    back() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "coop.order.window",
            res_id: this.windowId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("coop_orders.entry_grid", EntryGrid);
