import {
    onMounted,
    onPatched,
    onWillStart,
    onWillUnmount,
    useRef,
    useState,
} from "@odoo/owl";
import { COLUMN, EntryGridData, ROW } from "./entry_grid_data";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { EntryQueue } from "./entry_queue";

const SMALL = 768;

const MOVES = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    Enter: [0, 1],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
};

/**
 * Keying in orders: members down and products across, or one member's form at a time.
 *
 * Digits, arrows and Enter are enough. A quantity is saved when its cell is left; what
 * is refused is said at the cell, with the former value back. Only the cells in sight
 * are drawn, so that 500 members × 300 products stay quick.
 */
export class EntryGrid extends EntryGridData {
    static template = "coop_orders.EntryGrid";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.scroller = useRef("scroller");
        this.root = useRef("root");
        this.windowId = this.props.action.context.active_id;
        this.state = useState({
            search: "",
            channel: "paper",
            saving: 0,
            offline: false,
            mode: browser.innerWidth < SMALL ? "member" : "grid",
            memberId: null,
            version: 0,
            view: { top: 0, left: 0, width: 1200, height: 800 },
        });
        this.queue = new EntryQueue({
            send: (memberId, changes) => this.send(memberId, changes),
            isConnectionLost: (error) => error instanceof ConnectionLostError,
            onChange: (queue) => {
                this.state.saving = queue.size;
                this.state.offline = queue.offline;
            },
        });
        this.undone = [];
        this.notes = new Map();
        this.wantedFocus = null;
        this.draft = null;
        onWillStart(() => this.load());
        onMounted(() => {
            this.measure();
            this.onResize = () => this.measure();
            browser.addEventListener("resize", this.onResize);
            this.focusStart();
        });
        onPatched(() => this.applyFocus());
        onWillUnmount(() => {
            browser.removeEventListener("resize", this.onResize);
            this.queue.flush();
        });
    }

    // ------------------------------------------------------------------
    // Moving
    // ------------------------------------------------------------------

    focusStart() {
        if (this.state.mode === "member") {
            this.focusSearch();
        } else {
            this.focus(0, 0);
        }
    }

    focusSearch() {
        this.root.el?.querySelector(".o_coop_grid_search")?.select();
        this.root.el?.querySelector(".o_coop_grid_search")?.focus();
    }

    /** Save what is being typed: a tap on a button does not always leave the cell. */
    leaveCell() {
        const { draft } = this;
        const member = draft && this.byId.get(draft.memberId);
        const offer = draft && this.data.offers.find((found) => found.id === draft.offerId);
        if (member && offer) {
            this.commit(member, offer, draft.text);
        }
    }

    /** Bring a cell into sight and into focus; whether there is such a cell. */
    focus(row, column) {
        const rowCount = this.state.mode === "member" ? 1 : this.members.length;
        if (row < 0 || column < 0 || row >= rowCount || column >= this.data.offers.length) {
            return false;
        }
        this.wantedFocus = { row, column };
        const el = this.scroller.el;
        if (el && this.state.mode === "grid") {
            const head = el.querySelector("thead")?.offsetHeight || 0;
            const foot = el.querySelector("tfoot")?.offsetHeight || 0;
            const side = el.querySelector("thead th")?.offsetWidth || 0;
            const visible = el.clientHeight - head - foot;
            if (row * ROW < el.scrollTop) {
                el.scrollTop = row * ROW;
            } else if ((row + 1) * ROW > el.scrollTop + visible) {
                el.scrollTop = (row + 1) * ROW - visible;
            }
            // The column of amounts scrolls with the products.
            const start = COLUMN * (column + 1);
            const room = el.clientWidth - side;
            if (start < el.scrollLeft) {
                el.scrollLeft = column === 0 ? 0 : start;
            } else if (start + COLUMN > el.scrollLeft + room) {
                el.scrollLeft = start + COLUMN - room;
            }
            this.measure();
        }
        this.applyFocus();
        return true;
    }

    applyFocus() {
        if (!this.wantedFocus) {
            return;
        }
        const { row, column } = this.wantedFocus;
        const member = this.state.mode === "member" ? this.member : this.members[row];
        // By the member, not the row: the search may just have changed who stands there.
        const input = this.root.el?.querySelector(
            `input[data-member="${member?.id}"][data-column="${column}"]`
        );
        if (input) {
            this.wantedFocus = null;
            input.focus({ preventScroll: this.state.mode === "grid" });
            input.select();
        }
    }

    onKeydown(member, offer, ev) {
        const row = Number(ev.target.dataset.row);
        const column = Number(ev.target.dataset.column);
        if (ev.key === "Escape") {
            ev.preventDefault();
            this.undo(member, offer, ev.target, row, column);
            return;
        }
        if (ev.key === "/") {
            ev.preventDefault();
            this.focusSearch();
            return;
        }
        let move = MOVES[ev.key];
        if (!move || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        ev.preventDefault();
        if (this.state.mode === "member") {
            // One column of products: up and down are the only ways.
            move = { ArrowUp: [0, -1], ArrowDown: [0, 1], Enter: [0, 1] }[ev.key] || [0, 0];
        }
        if (!this.focus(row + move[0], column + move[1]) && ev.key === "Enter") {
            if (this.state.mode === "member") {
                this.nextMember();
            } else {
                this.focus(row + 1, 0);
            }
        }
    }

    onSearchKeydown(ev) {
        if (ev.key !== "Enter" && ev.key !== "ArrowDown") {
            return;
        }
        ev.preventDefault();
        const [member] = this.members;
        if (!member) {
            return;
        }
        if (this.state.mode === "member") {
            this.choose(member);
        } else {
            this.focus(0, 0);
        }
    }

    choose(member) {
        this.leaveCell();
        this.state.memberId = member.id;
        this.wantedFocus = { row: 0, column: 0 };
        this.state.version++;
    }

    nextMember() {
        this.leaveCell();
        this.state.memberId = null;
        this.state.search = "";
        this.focusSearch();
    }

    setMode(mode) {
        this.leaveCell();
        this.state.mode = mode;
        this.state.view = { ...this.state.view, top: 0, left: 0 };
        browser.setTimeout(() => {
            this.measure();
            this.focusStart();
        });
    }

    async filter(groupId, pointId) {
        this.leaveCell();
        await this.load(groupId, pointId);
        this.state.memberId = null;
        if (this.scroller.el) {
            this.scroller.el.scrollTop = 0;
        }
        this.measure();
        this.focusStart();
    }

    // ------------------------------------------------------------------
    // Changing
    // ------------------------------------------------------------------

    /** What was typed, in pieces or the unit; "+2" adds to what is there. */
    read(text, before) {
        const typed = text.trim().replace(/\s/g, "").replace(",", ".");
        if (typed === "") {
            return 0;
        }
        if (!/^\+?\d{1,6}(\.\d{1,3})?$/.test(typed)) {
            return null;
        }
        return Number(typed) + (typed.startsWith("+") ? before : 0);
    }

    /** Drawing sets the inputs again: what is typed meanwhile must be known. */
    onInput(member, offer, ev) {
        if (this.draft?.memberId !== member.id || this.draft.offerId !== offer.id) {
            this.leaveCell();
        }
        this.draft = { memberId: member.id, offerId: offer.id, text: ev.target.value };
    }

    onLeave(member, offer, ev) {
        this.commit(member, offer, ev.target.value);
    }

    commit(member, offer, text) {
        this.draft = null;
        if (text === this.show(member, offer)) {
            return;
        }
        const before = this.quantity(member, offer);
        const count = this.read(text, before / offer.factor);
        const key = `${member.id}:${offer.id}`;
        if (count === null) {
            this.notes.set(key, _t("Give a quantity, for instance 2."));
            this.state.version++;
            return;
        }
        this.notes.delete(key);
        const quantity = Math.round(count * offer.factor * 1e6) / 1e6;
        if (quantity !== before) {
            this.undone.push({ memberId: member.id, offerId: offer.id, before });
            this.queue.add(member.id, offer.id, quantity, member.quantities[offer.id] || 0);
        }
        this.state.version++;
    }

    /** Escape: first what was typed, then what was saved, one step at a time. */
    undo(member, offer, input, row, column) {
        const key = `${member.id}:${offer.id}`;
        this.draft = null;
        if (input.value !== this.show(member, offer)) {
            input.value = this.show(member, offer);
            input.select();
            return;
        }
        if (this.notes.delete(key)) {
            this.state.version++;
            return;
        }
        const last = this.undone.pop();
        const other = last && this.byId.get(last.memberId);
        if (!other) {
            return;
        }
        this.queue.add(
            last.memberId,
            last.offerId,
            last.before,
            other.quantities[last.offerId] || 0
        );
        this.state.version++;
        const index = this.data.offers.findIndex((found) => found.id === last.offerId);
        if (this.state.mode === "grid") {
            row = this.members.indexOf(other);
        } else if (other.id !== this.state.memberId) {
            this.choose(other);
        }
        this.focus(Math.max(row, 0), index >= 0 ? index : column);
    }

    async send(memberId, changes) {
        const member = this.byId.get(memberId);
        let row = null;
        try {
            row = await this.orm.silent.call("coop.order.window", "set_entry_quantities", [
                [this.windowId],
                memberId,
                changes,
                this.state.channel,
            ]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                throw error;
            }
            const message = error.data?.message || _t("Not saved: try again.");
            for (const change of changes) {
                this.notes.set(`${memberId}:${change.offer_id}`, message);
            }
        }
        if (row && member) {
            for (const [offerId, message] of Object.entries(row.refused)) {
                this.notes.set(`${memberId}:${offerId}`, message);
            }
            for (const [offerId, quantity] of Object.entries(member.quantities)) {
                this.addToTotal(offerId, -quantity);
            }
            for (const [offerId, quantity] of Object.entries(row.quantities)) {
                this.addToTotal(offerId, quantity);
            }
            Object.assign(member, row, { key: member.key });
        }
        return () => this.state.version++;
    }

    async back() {
        this.leaveCell();
        await this.queue.flush();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "coop.order.window",
            res_id: this.windowId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("coop_orders.entry_grid", EntryGrid);
