import { Component, markRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";

// Pixels; the same in entry_grid.scss. Fixed, so that only what is seen is drawn.
export const ROW = 56;
export const COLUMN = 104;
const EXTRA = 3;
const MATCHES = 8;

const plain = (text) =>
    text
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "")
        .toLowerCase();

/** The entry grid's members and offers, how they read, and which of them are in sight. */
export class EntryGridData extends Component {
    // ------------------------------------------------------------------
    // Data
    // ------------------------------------------------------------------

    async load(groupId = false, pointId = false) {
        await this.queue.flush();
        const data = await this.orm.call("coop.order.window", "get_entry_grid", [
            [this.windowId],
            groupId,
            pointId,
        ]);
        for (const member of data.members) {
            member.key = plain(`${member.name} ${member.number}`);
        }
        this.data = markRaw(data);
        this.byId = new Map(data.members.map((member) => [member.id, member]));
        this.totals = new Map();
        for (const member of data.members) {
            for (const [offerId, quantity] of Object.entries(member.quantities)) {
                this.addToTotal(offerId, quantity);
            }
        }
        this.notes.clear();
        this.undone = [];
        this.state.version++;
    }

    addToTotal(offerId, quantity) {
        const key = Number(offerId);
        this.totals.set(key, (this.totals.get(key) || 0) + quantity);
    }

    /** Drawn again when ``version`` moves: the data itself is not watched. */
    get members() {
        this.state.version;
        const words = plain(this.state.search).split(/\s+/).filter(Boolean);
        return this.data.members.filter((member) =>
            words.every((word) => member.key.includes(word))
        );
    }

    get total() {
        return this.data.members.reduce((sum, member) => sum + member.amount, 0);
    }

    get member() {
        return this.byId.get(this.state.memberId);
    }

    get matches() {
        return this.members.slice(0, MATCHES);
    }

    quantity(member, offer) {
        const waiting = this.queue.get(member.id, offer.id);
        return waiting === undefined ? member.quantities[offer.id] || 0 : waiting;
    }

    note(member, offer) {
        return this.notes.get(`${member.id}:${offer.id}`);
    }

    // ------------------------------------------------------------------
    // Texts
    // ------------------------------------------------------------------

    money(amount) {
        return formatMonetary(amount, { currencyId: this.data.currency_id });
    }

    number(quantity) {
        return quantity
            ? formatFloat(quantity, { digits: [16, 3], trailingZeros: false })
            : "";
    }

    /** What the cell holds: what is being typed, else the quantity. */
    show(member, offer) {
        const { draft } = this;
        if (draft?.memberId === member.id && draft.offerId === offer.id) {
            return draft.text;
        }
        return this.number(this.quantity(member, offer) / offer.factor);
    }

    offerTotal(offer) {
        return this.number((this.totals.get(offer.id) || 0) / offer.factor);
    }

    lineAmount(member, offer) {
        const quantity = this.quantity(member, offer);
        return quantity ? this.money(quantity * offer.price) : "";
    }

    stateText(member) {
        return {
            draft: _t("Basket"),
            sent: _t("Validated"),
            sale: _t("Confirmed"),
        }[member.state];
    }

    // ------------------------------------------------------------------
    // What is in sight
    // ------------------------------------------------------------------

    measure() {
        const el = this.scroller.el;
        if (el) {
            this.state.view = {
                top: el.scrollTop,
                left: el.scrollLeft,
                width: el.clientWidth,
                height: el.clientHeight,
            };
        }
    }

    onScroll() {
        const input = document.activeElement;
        const { rows, columns } = this.getSight(this.scroller.el, this.members.length);
        const row = Number(input?.dataset?.row);
        const column = Number(input?.dataset?.column);
        if (
            input?.dataset?.row &&
            (row < rows[0] || row >= rows[1] || column < columns[0] || column >= columns[1])
        ) {
            // It is about to be undrawn: what was typed is saved first.
            input.blur();
        }
        this.measure();
    }

    getSight(view, rowCount) {
        const top = view.scrollTop ?? view.top;
        const left = view.scrollLeft ?? view.left;
        const height = view.clientHeight ?? view.height;
        const width = view.clientWidth ?? view.width;
        const range = (offset, size, unit, count) => [
            Math.max(0, Math.min(Math.floor(offset / unit) - EXTRA, count)),
            Math.min(count, Math.ceil((offset + size) / unit) + EXTRA),
        ];
        return {
            rows: range(top, height, ROW, rowCount),
            columns: range(left, width, COLUMN, this.data.offers.length),
        };
    }

    get sight() {
        const members = this.members;
        const { rows, columns } = this.getSight(this.state.view, members.length);
        return {
            rows: members
                .slice(...rows)
                .map((member, index) => ({ member, index: rows[0] + index })),
            offers: this.data.offers
                .slice(...columns)
                .map((offer, index) => ({ offer, index: columns[0] + index })),
            above: rows[0] * ROW,
            below: (members.length - rows[1]) * ROW,
            before: columns[0] * COLUMN,
            after: (this.data.offers.length - columns[1]) * COLUMN,
        };
    }
}
