import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";
import { BasketBar } from "./window_bar";
import { Favourites, LastBasket } from "./window_extras";
import { RowFilters } from "./window_filters";
import { TapQueue } from "./window_queue";
import { readNumber, ServerClock } from "./window_text";

const REFRESH_AFTER = 30000;

/**
 * The order page. A tap changes the screen at once and goes to the queue; what the
 * server answers is what is shown next. Other interactions may listen to
 * ``coop-window-state``, sent to the root with the state of the order.
 */
export class CoopWindow extends Interaction {
    static selector = ".o_coop_window";
    dynamicContent = {
        _root: {
            "t-on-click": this.onClick,
            "t-on-change": this.onChange,
            "t-on-keydown": this.onKeydown,
            "t-on-focusin": this.onFocus,
        },
        ".o_coop_search": { "t-on-input": () => this.filters.apply() },
        ".o_coop_validate": { "t-on-click.prevent": this.onValidate },
        _window: {
            "t-on-online": () => this.queue.send(),
            "t-on-pagehide": () => this.queue.flushOnLeave(),
            "t-on-beforeunload": this.onLeave,
        },
        _document: { "t-on-visibilitychange": this.onVisible },
    };

    setup() {
        const data = this.el.dataset;
        const lang = data.lang.replace("_", "-");
        this.texts = JSON.parse(data.texts);
        this.state = JSON.parse(data.state);
        this.isOpen = data.open === "1";
        this.deadline = new Date(data.deadline);
        this.clock = new ServerClock(data.now);
        this.syncedAt = performance.now();
        this.money = new Intl.NumberFormat(lang, {
            style: "currency",
            currency: data.currency,
        });
        this.number = new Intl.NumberFormat(lang, {
            maximumFractionDigits: 3,
            useGrouping: false,
        });
        this.rows = new Map();
        for (const el of this.el.querySelectorAll(".o_coop_row")) {
            const id = Number(el.dataset.offer);
            this.rows.set(id, {
                id,
                el,
                price: Number(el.dataset.price),
                step: Number(el.dataset.step),
                piece: Number(el.dataset.piece),
                quantity: Number(el.dataset.quantity),
                tolerance: Number(el.dataset.tolerance),
            });
        }
        this.filters = new RowFilters(this.el, this.rows, this.texts);
        this.favourites = new Favourites(this.rows, this.texts, this.setMessage);
        this.lastBasket = new LastBasket(this);
        this.bar = new BasketBar(this);
        this.queue = new TapQueue({
            url: `/my/coop/window/${data.window}/change`,
            key: `coop_taps_${data.user}_${data.window}`,
            seq: this.state.seq,
            onResult: (result, changes) => this.receive(result, changes),
            onChange: () => this.bar.show(),
        });
    }

    start() {
        this.restore();
        if (this.isOpen) {
            this.bar.show();
            this.tick();
        }
        this.el.dataset.ready = "1";
    }

    destroy() {
        clearTimeout(this.timer);
        clearTimeout(this.sayTimer);
    }

    restore() {
        const stored = this.queue.restore();
        if (stored.length && !this.isOpen) {
            this.queue.stop();
            this.tellLost(stored);
        } else if (stored.length) {
            for (const change of stored) {
                const row = this.rows.get(change.offer_id);
                if (row) {
                    row.quantity = change.quantity;
                    row.tolerance = change.tolerance;
                    this.showRow(row);
                }
            }
            this.queue.send();
        }
    }

    // ---------------------------------------------------------------- taps

    rowOf(target) {
        return this.rows.get(Number(target.closest(".o_coop_row")?.dataset.offer));
    }

    onClick(ev) {
        const target = ev.target;
        if (this.filters.onClick(target)) {
            return;
        }
        const heart = target.closest(".o_coop_heart");
        if (heart) {
            this.favourites.toggle(heart, this.rowOf(heart));
        } else if (target.closest(".o_coop_again") && this.isOpen) {
            this.lastBasket.again();
        } else if (target.closest(".o_coop_again_undo") && this.isOpen) {
            this.lastBasket.undo();
        } else if (target.closest(".o_coop_plus")) {
            this.step(this.rowOf(target), 1);
        } else if (target.closest(".o_coop_minus")) {
            this.step(this.rowOf(target), -1);
        }
    }

    onKeydown(ev) {
        if (!ev.target.classList.contains("o_coop_quantity")) {
            return;
        }
        if (ev.key === "ArrowUp" || ev.key === "ArrowDown") {
            ev.preventDefault();
            this.step(this.rowOf(ev.target), ev.key === "ArrowUp" ? 1 : -1);
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            this.type(ev.target);
        }
    }

    onFocus(ev) {
        if (ev.target.classList.contains("o_coop_quantity")) {
            ev.target.select();
        }
    }

    onChange(ev) {
        const target = ev.target;
        if (this.filters.onChange(target)) {
            return;
        }
        if (target.classList.contains("o_coop_quantity")) {
            this.type(target);
        } else if (target.classList.contains("o_coop_tolerance_input")) {
            const row = this.rowOf(target);
            row.tolerance = Number(target.value);
            this.change(row);
        }
    }

    step(row, sign) {
        if (!this.isOpen) {
            return;
        }
        this.setSteps(row, Math.max(0, Math.round(row.quantity / row.step) + sign));
    }

    type(input) {
        const row = this.rowOf(input);
        const number = readNumber(input.value);
        if (number === null || !this.isOpen) {
            this.showRow(row);
            this.setMessage(row, this.isOpen ? this.texts.number : "");
            return;
        }
        const steps = row.piece ? number : number / row.step;
        // Less than half a step is still something: never silently nothing.
        this.setSteps(row, number > 0 ? Math.max(1, Math.round(steps)) : 0);
    }

    setSteps(row, steps) {
        const quantity = Math.round(steps * row.step * 1e6) / 1e6;
        this.setMessage(row, "");
        if (quantity === row.quantity) {
            this.showRow(row);
            return;
        }
        row.quantity = quantity;
        if (!quantity) {
            row.tolerance = 0;
        }
        this.change(row);
    }

    change(row) {
        this.queue.push(row.id, row.quantity, row.tolerance);
        this.showRow(row);
        this.bar.show();
        this.say(row);
    }

    // ---------------------------------------------------------------- answers

    receive(result, changes = []) {
        if (result.state) {
            this.state = result.state;
            this.clock.set(result.state.now);
            this.syncedAt = performance.now();
            for (const [id, row] of this.rows) {
                const [quantity, tolerance] = result.state.quantities[id] || [0, 0];
                const isSame = row.quantity === quantity && row.tolerance === tolerance;
                if (!this.queue.has(id) && !isSame) {
                    Object.assign(row, { quantity, tolerance });
                    this.showRow(row);
                }
            }
        }
        for (const { offer_id, message } of result.rejected || []) {
            const row = this.rows.get(offer_id);
            if (row) {
                this.setMessage(row, message);
            }
        }
        this.bar.justSaved = !result.error && !(result.rejected || []).length;
        if (result.fatal) {
            const lost = [...changes, ...this.queue.stop()];
            this.close(result.error);
            this.tellLost(lost);
        }
        this.bar.show();
        const detail = { state: this.state, result };
        this.el.dispatchEvent(new CustomEvent("coop-window-state", { detail }));
    }

    /** Nothing can be changed any more: say it, and stop pretending. */
    close(sentence) {
        this.isOpen = false;
        this.fatal = sentence;
        for (const el of this.el.querySelectorAll(".o_coop_stepper :is(button, input)")) {
            el.disabled = true;
        }
    }

    tellLost(changes) {
        const names = new Set();
        for (const change of changes) {
            const row = this.rows.get(change.offer_id);
            const [quantity] = this.state.quantities[change.offer_id] || [0];
            if (row && quantity !== change.quantity) {
                names.add(row.el.dataset.name);
            }
        }
        if (names.size) {
            const notice = document.createElement("div");
            notice.className = "alert alert-warning o_coop_lost";
            notice.setAttribute("role", "alert");
            notice.textContent = this.texts.late.replace("%s", [...names].join(", "));
            this.el.querySelector(".o_coop_notices").append(notice);
        }
    }

    async onVisible() {
        const isOld = performance.now() - this.syncedAt > REFRESH_AFTER;
        if (document.visibilityState !== "visible" || !this.isOpen) {
            return;
        }
        if (this.queue.size) {
            this.queue.send();
        } else if (isOld) {
            await this.refresh();
        }
    }

    /** Another device or a referent may have changed the order meanwhile. */
    async refresh() {
        try {
            const url = `/my/coop/window/${this.el.dataset.window}/state`;
            const result = await rpc(url, {}, { silent: true });
            for (const [id, text] of Object.entries(result.left || {})) {
                const row = this.rows.get(Number(id));
                if (row) {
                    row.el.querySelector(".o_coop_left").textContent = text;
                }
            }
            this.receive(result);
            this.bar.justSaved = false;
            this.tick();
        } catch {
            // What is on the screen stays; the next tap says if there is no network.
            this.timer = setTimeout(() => this.tick(), 20000);
        }
    }

    onLeave(ev) {
        // Connected, the last taps leave with the page (see flushOnLeave).
        if (this.queue.size && this.queue.trouble) {
            ev.preventDefault();
            ev.returnValue = this.texts.leave;
        }
    }

    async onValidate() {
        const validate = this.el.querySelector(".o_coop_validate");
        if (validate.classList.contains("disabled") || this.isLeaving) {
            return;
        }
        this.isLeaving = true;
        const isSaved = await this.queue.drain();
        if (isSaved && this.state.order_id && this.state.count) {
            window.location.href = `/my/coop/orders/${this.state.order_id}`;
        } else {
            this.isLeaving = false;
            this.bar.waits = !isSaved;
            this.bar.show();
        }
    }

    // ---------------------------------------------------------------- screen

    showRow(row) {
        const quantity = row.el.querySelector(".o_coop_quantity");
        if (quantity) {
            const shown = row.piece ? row.quantity / row.step : row.quantity;
            quantity.value = this.number.format(shown);
        }
        row.el.classList.toggle("o_coop_chosen", row.quantity > 0);
        const tolerance = row.el.querySelector(".o_coop_tolerance");
        if (tolerance) {
            tolerance.classList.toggle("d-none", !row.quantity);
            tolerance.classList.toggle("d-flex", row.quantity > 0);
            const select = tolerance.querySelector("select");
            const isIt = ({ value }) => Math.abs(Number(value) - row.tolerance) < 1e-6;
            select.selectedIndex = Math.max(0, [...select.options].findIndex(isIt));
        }
    }

    setMessage(row, message) {
        row.el.querySelector(".o_coop_message").textContent = message;
    }

    /** What changed, for who cannot see it; once the taps have calmed down. */
    say(row) {
        clearTimeout(this.sayTimer);
        this.sayTimer = setTimeout(() => {
            const shown = row.piece ? row.quantity / row.step : row.quantity;
            this.el.querySelector(".o_coop_said").textContent = this.texts.said
                .replace("%(product)s", row.el.dataset.name)
                .replace("%(quantity)s", this.number.format(shown))
                .replace("%(total)s", this.money.format(this.bar.getTotal().total));
        }, 800);
    }

    tick() {
        const now = this.clock.now();
        this.bar.showCountdown(now);
        clearTimeout(this.timer);
        if (this.isOpen && now >= this.deadline) {
            this.timer = setTimeout(() => this.refresh(), 1000);
            return;
        }
        const isSoon = this.deadline - now < 150000;
        this.timer = setTimeout(() => this.tick(), isSoon ? 1000 : 20000);
    }
}

registry.category("public.interactions").add("coop_orders.window", CoopWindow);
