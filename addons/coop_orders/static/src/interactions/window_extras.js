import { rpc } from "@web/core/network/rpc";

/** Hearts on the order page. */
export class Favourites {
    constructor(rows, texts, setMessage) {
        Object.assign(this, { rows, texts, setMessage });
    }

    async toggle(button, row) {
        const isFavourite = row.el.dataset.favourite !== "1";
        this.show(button, row, isFavourite);
        this.setMessage(row, "");
        try {
            const url = `/my/coop/offer/${row.id}/favourite`;
            const result = await rpc(url, { favourite: isFavourite }, { silent: true });
            if (result.error) {
                this.show(button, row, !isFavourite);
                this.setMessage(row, result.error);
            }
        } catch {
            this.show(button, row, !isFavourite);
            this.setMessage(row, this.texts.favourite);
        }
    }

    show(button, row, isFavourite) {
        row.el.dataset.favourite = isFavourite ? "1" : "0";
        button.setAttribute("aria-pressed", isFavourite ? "true" : "false");
        const icon = button.querySelector(".o_coop_heart_icon i");
        icon.className = isFavourite ? "fa fa-heart" : "fa fa-heart-o";
    }
}

/** The last basket once more: what was added, what could not be, and back. */
export class LastBasket {
    constructor(page) {
        this.page = page;
        this.box = page.el.querySelector(".o_coop_again_box");
    }

    async again() {
        const { page, box } = this;
        const button = box.querySelector(".o_coop_again");
        button.disabled = true;
        try {
            if (!(await page.queue.drain())) {
                return this.show(page.texts.wait, [], false);
            }
            this.before = new Map();
            for (const [id, row] of page.rows) {
                this.before.set(id, [row.quantity, row.tolerance]);
            }
            const url = `/my/coop/window/${page.el.dataset.window}/again`;
            const result = await rpc(url, {}, { silent: true });
            page.receive(result);
            if (result.error) {
                return this.show(result.error, [], false);
            }
            const { taken, missing } = result;
            const { again, again_one, again_none } = page.texts;
            const text =
                taken > 1 ? again.replace("%s", taken) : taken ? again_one : again_none;
            this.show(taken || !missing.length ? text : "", missing, taken > 0);
        } catch {
            this.show(page.texts.wait, [], false);
        } finally {
            button.disabled = false;
        }
    }

    undo() {
        const { page } = this;
        for (const [id, [quantity, tolerance]] of this.before) {
            const row = page.rows.get(id);
            if (row.quantity !== quantity || row.tolerance !== tolerance) {
                Object.assign(row, { quantity, tolerance });
                page.change(row);
            }
        }
        this.show(page.texts.undone, [], false);
    }

    show(text, missing, canUndo) {
        const { box } = this;
        box.querySelector(".o_coop_again_result").classList.remove("d-none");
        box.querySelector(".o_coop_again_text").textContent = text;
        const list = box.querySelector(".o_coop_again_missing");
        list.replaceChildren(
            ...missing.map((sentence) => {
                const item = document.createElement("li");
                item.textContent = sentence;
                return item;
            })
        );
        box.querySelector(".o_coop_again_undo").classList.toggle("d-none", !canUndo);
    }
}
