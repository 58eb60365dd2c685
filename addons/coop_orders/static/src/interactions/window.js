import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";

const SEND_AFTER = 250;
const RETRY_AFTER = 4000;
const KEEP_FOR = 30 * 60 * 1000;

function plain(text) {
    return text
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "")
        .toLowerCase();
}

/** "3 days left", from the elements of a page that carry a deadline. */
export function countdownText(deadline, now, texts) {
    const minutes = Math.floor((deadline - now) / 60000);
    if (minutes < 0) {
        return texts.closed;
    }
    if (minutes < 120) {
        return texts.minutes.replace("%s", minutes);
    }
    if (minutes < 48 * 60) {
        return texts.hours.replace("%s", Math.floor(minutes / 60));
    }
    return texts.days.replace("%s", Math.floor(minutes / 1440));
}

/**
 * The order page. A tap changes the screen at once; what is sent to the server are
 * absolute quantities with a number that only grows, so that a message sent twice or
 * overtaken changes nothing. What could not be sent waits in the browser's storage.
 */
export class CoopWindow extends Interaction {
    static selector = ".o_coop_window";
    dynamicContent = {
        _root: { "t-on-click": this.onClick, "t-on-change": this.onChange },
        ".o_coop_search": { "t-on-input": this.onSearch },
        ".o_coop_validate": { "t-on-click.prevent": this.onValidate },
        _window: { "t-on-online": this.send, "t-on-pagehide": this.store },
    };

    setup() {
        const data = this.el.dataset;
        this.texts = JSON.parse(data.texts);
        this.url = `/my/coop/window/${data.window}/change`;
        this.storageKey = `coop_window_${data.window}`;
        this.deadline = new Date(data.deadline);
        this.clockGap = new Date(data.now) - new Date();
        this.money = new Intl.NumberFormat(data.lang.replace("_", "-"), {
            style: "currency",
            currency: data.currency,
        });
        this.number = new Intl.NumberFormat(data.lang.replace("_", "-"), {
            maximumFractionDigits: 2,
        });
        this.rows = new Map();
        for (const el of this.el.querySelectorAll(".o_coop_row")) {
            this.rows.set(Number(el.dataset.offer), {
                el,
                search: plain(el.dataset.search),
                price: Number(el.dataset.price),
                step: Number(el.dataset.step),
                piece: Number(el.dataset.piece),
                quantity: Number(el.dataset.quantity),
                tolerance: Number(el.dataset.tolerance),
            });
        }
        this.queue = new Map();
        this.filter = "all";
        this.sending = false;
        this.offline = false;
        this.state = JSON.parse(data.state);
        this.isOpen = data.open === "1";
        this.device = this.getDevice();
        this.seq = 0;
    }

    start() {
        if (!this.isOpen) {
            return;
        }
        this.restore();
        this.showBar();
        this.tick();
        const timer = setInterval(() => this.tick(), 20000);
        this.registerCleanup(() => clearInterval(timer));
        this.el.dataset.ready = "1";
    }

    getDevice() {
        const fallback = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
        try {
            let device = localStorage.getItem("coop_device");
            if (!device) {
                device = fallback;
                localStorage.setItem("coop_device", device);
            }
            return device;
        } catch {
            return fallback;
        }
    }

    // ---------------------------------------------------------------- taps

    onClick(ev) {
        const chip = ev.target.closest("[data-filter]");
        if (chip) {
            this.setFilter(chip);
            return;
        }
        const button = ev.target.closest(".o_coop_plus, .o_coop_minus");
        if (!button || !this.isOpen) {
            return;
        }
        const id = Number(button.closest(".o_coop_row").dataset.offer);
        const row = this.rows.get(id);
        const sign = button.classList.contains("o_coop_plus") ? 1 : -1;
        const steps = Math.max(0, Math.round(row.quantity / row.step) + sign);
        row.quantity = Math.round(steps * row.step * 1e6) / 1e6;
        if (!row.quantity) {
            row.tolerance = 0;
        }
        this.setMessage(row, "");
        this.change(id, row);
    }

    onChange(ev) {
        if (!ev.target.classList.contains("o_coop_tolerance_input")) {
            return;
        }
        const id = Number(ev.target.closest(".o_coop_row").dataset.offer);
        const row = this.rows.get(id);
        row.tolerance = Number(ev.target.value);
        this.change(id, row);
    }

    change(id, row) {
        this.seq = Math.max(this.seq + 1, Date.now());
        this.queue.set(id, {
            offer_id: id,
            quantity: row.quantity,
            tolerance: row.tolerance,
            device: this.device,
            seq: this.seq,
        });
        this.store();
        this.showRow(row);
        this.showBar();
        clearTimeout(this.sendTimer);
        this.sendTimer = setTimeout(() => this.send(), SEND_AFTER);
    }

    // ---------------------------------------------------------------- sending

    async send() {
        if (this.sending || !this.queue.size) {
            return;
        }
        this.sending = true;
        this.showStatus();
        const changes = [...this.queue.values()];
        try {
            const result = await this.waitFor(rpc(this.url, { changes }, { silent: true }));
            this.offline = false;
            for (const change of changes) {
                if (this.queue.get(change.offer_id)?.seq === change.seq) {
                    this.queue.delete(change.offer_id);
                }
            }
            this.receive(result);
            this.justSaved = !result.error && !(result.rejected || []).length;
        } catch (error) {
            this.justSaved = false;
            if (!(error instanceof ConnectionLostError) && navigator.onLine) {
                // The server answered with an error: it may be over in a moment.
                console.warn(error);
            }
            this.offline = true;
            clearTimeout(this.sendTimer);
            this.sendTimer = setTimeout(() => this.send(), RETRY_AFTER);
        }
        this.sending = false;
        this.store();
        this.showBar();
        if (this.queue.size && !this.offline) {
            this.send();
        }
    }

    receive(result) {
        if (result.state) {
            this.state = result.state;
            for (const [id, row] of this.rows) {
                if (!this.queue.has(id)) {
                    [row.quantity, row.tolerance] = result.state.quantities[id] || [0, 0];
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
        if (result.fatal) {
            this.queue.clear();
            this.isOpen = false;
            this.fatal = result.error;
        }
    }

    async onValidate() {
        clearTimeout(this.sendTimer);
        await this.waitFor(this.send());
        while (this.sending || (this.queue.size && !this.offline)) {
            await this.waitForTimeout100();
        }
        if (!this.queue.size && this.state.order_id && this.state.count) {
            window.location.href = `/my/coop/orders/${this.state.order_id}`;
        }
    }

    waitForTimeout100() {
        return this.waitFor(new Promise((resolve) => setTimeout(resolve, 100)));
    }

    // ---------------------------------------------------------------- storage

    store() {
        try {
            if (this.queue.size) {
                const value = { at: Date.now(), changes: [...this.queue.values()] };
                localStorage.setItem(this.storageKey, JSON.stringify(value));
            } else {
                localStorage.removeItem(this.storageKey);
            }
        } catch {
            // Private browsing: what is on the screen is still sent.
        }
    }

    restore() {
        let stored = null;
        try {
            stored = JSON.parse(localStorage.getItem(this.storageKey));
        } catch {
            return;
        }
        if (!stored || Date.now() - stored.at > KEEP_FOR) {
            return;
        }
        for (const change of stored.changes) {
            const row = this.rows.get(change.offer_id);
            if (row) {
                row.quantity = change.quantity;
                row.tolerance = change.tolerance;
                this.queue.set(change.offer_id, change);
                this.seq = Math.max(this.seq, change.seq);
                this.showRow(row);
            }
        }
        this.send();
    }

    // ---------------------------------------------------------------- screen

    showRow(row) {
        const shown = row.piece ? row.quantity / row.step : row.quantity;
        const quantity = row.el.querySelector(".o_coop_quantity");
        if (quantity) {
            quantity.textContent = this.number.format(shown);
        }
        row.el.classList.toggle("o_coop_chosen", row.quantity > 0);
        const tolerance = row.el.querySelector(".o_coop_tolerance");
        if (tolerance) {
            tolerance.classList.toggle("d-none", !row.quantity);
            tolerance.classList.toggle("d-flex", row.quantity > 0);
        }
    }

    setMessage(row, message) {
        row.el.querySelector(".o_coop_message").textContent = message;
    }

    showBar() {
        let count = 0;
        let total = 0;
        for (const row of this.rows.values()) {
            if (row.quantity > 0) {
                count++;
                total += Math.round(row.quantity * row.price * 100) / 100;
            }
        }
        if (!this.queue.size) {
            total = this.state.amount;
        }
        const bar = this.el.querySelector(".o_coop_bar");
        bar.querySelector(".o_coop_total").textContent = this.money.format(total);
        bar.querySelector(".o_coop_count").textContent = count;
        const validate = bar.querySelector(".o_coop_validate");
        validate.classList.toggle("disabled", !count || !this.isOpen);
        const isSent = this.state.state === "sent" && count > 0;
        validate.textContent = isSent ? this.texts.see : this.texts.confirm;
        const advice = bar.querySelector(".o_coop_advice");
        advice.classList.toggle("text-success", isSent);
        advice.classList.toggle("text-warning-emphasis", !isSent && count > 0);
        if (this.fatal) {
            advice.textContent = this.fatal;
        } else if (!count) {
            advice.textContent = this.texts.empty;
        } else if (isSent) {
            advice.textContent = this.texts.sent;
        } else {
            advice.textContent = [this.texts.basket, this.queue.size ? "" : this.state.minimum]
                .filter(Boolean)
                .join(" ");
        }
        this.showStatus();
    }

    showStatus() {
        const status = this.el.querySelector(".o_coop_status");
        if (this.offline && this.queue.size) {
            status.textContent = this.texts.offline.replace("%s", this.queue.size);
        } else if (this.queue.size) {
            status.textContent = this.texts.saving;
        } else {
            status.textContent = this.justSaved ? `✓ ${this.texts.saved}` : "";
        }
    }

    tick() {
        const now = new Date(Date.now() + this.clockGap);
        const text = countdownText(this.deadline, now, this.texts);
        this.el.querySelector(".o_coop_bar .o_coop_countdown").textContent = text;
    }

    // ---------------------------------------------------------------- filters

    onSearch() {
        this.applyFilters();
    }

    setFilter(chip) {
        this.filter = chip.dataset.filter;
        for (const other of this.el.querySelectorAll("[data-filter]")) {
            other.classList.toggle("active", other === chip);
            other.setAttribute("aria-pressed", other === chip ? "true" : "false");
        }
        this.applyFilters();
    }

    applyFilters() {
        const words = plain(this.el.querySelector(".o_coop_search").value)
            .split(/\s+/)
            .filter(Boolean);
        let shown = 0;
        for (const row of this.rows.values()) {
            const matches =
                words.every((word) => row.search.includes(word)) &&
                (this.filter === "all" ||
                    (this.filter === "basket" && row.quantity > 0) ||
                    row.el.dataset.category === this.filter);
            row.el.classList.toggle("d-none", !matches);
            row.el.classList.toggle("d-flex", matches);
            shown += matches ? 1 : 0;
        }
        this.el.querySelector(".o_coop_none").classList.toggle("d-none", shown > 0);
    }
}

/** The countdowns of the home page's cards. */
export class CoopCountdowns extends Interaction {
    static selector = ".o_coop_countdowns";

    start() {
        const texts = JSON.parse(this.el.dataset.texts);
        const gap = new Date(this.el.dataset.now) - new Date();
        for (const el of this.el.querySelectorAll(".o_coop_countdown")) {
            const deadline = new Date(el.dataset.deadline);
            el.textContent = `(${countdownText(deadline, new Date(Date.now() + gap), texts)})`;
        }
    }
}

registry.category("public.interactions").add("coop_orders.window", CoopWindow);
registry.category("public.interactions").add("coop_orders.countdowns", CoopCountdowns);
