import { countdownText } from "./window_text";

/**
 * The bar at the bottom of the order page: total, how many products, whether all is
 * saved, how long there is left.
 */
export class BasketBar {
    /** @param page the interaction of the order page, whose rows and state it shows */
    constructor(page) {
        this.page = page;
        this.el = page.el.querySelector(".o_coop_bar");
        // What the last answer saved, and whether somebody waits to confirm.
        this.justSaved = false;
        this.waits = false;
    }

    find(name) {
        return this.el.querySelector(`.o_coop_${name}`);
    }

    /** Until the server has answered, the total is what the screen shows. */
    getTotal() {
        const { rows, state, queue } = this.page;
        let count = 0;
        let total = 0;
        for (const row of rows.values()) {
            if (row.quantity > 0) {
                count++;
                total += Math.round(row.quantity * row.price * 100) / 100;
            }
        }
        total += state.donation || 0;
        if (state.round_up && count) {
            total = Math.ceil(Math.round(total * 100) / 100);
        }
        return { count, total: queue.size ? total : state.amount };
    }

    show() {
        if (!this.el) {
            return;
        }
        const { money, isOpen, state, texts } = this.page;
        const { count, total } = this.getTotal();
        this.find("total").textContent = money.format(total);
        this.find("count").textContent =
            count === 1 ? texts.found_one : texts.found.replace("%s", count);
        const validate = this.find("validate");
        const isOff = !count || !isOpen;
        validate.classList.toggle("disabled", isOff);
        validate.setAttribute("aria-disabled", isOff ? "true" : "false");
        const isSent = state.state === "sent" && count > 0;
        validate.textContent = isSent ? texts.see : texts.confirm;
        this.showAdvice(count, isSent);
        this.showStatus();
    }

    showAdvice(count, isSent) {
        const { texts, state, queue, fatal } = this.page;
        const advice = this.find("advice");
        advice.classList.toggle("text-success-emphasis", isSent);
        advice.classList.toggle("text-warning-emphasis", !isSent && count > 0);
        const basket = [texts.basket, queue.size ? "" : state.minimum];
        advice.textContent =
            fatal ||
            (!count && texts.empty) ||
            (isSent && texts.sent) ||
            basket.filter(Boolean).join(" ");
    }

    showStatus() {
        const { texts, queue } = this.page;
        const trouble = queue.size ? queue.trouble : "";
        this.find("offline").classList.toggle("d-none", !trouble);
        this.find("login").classList.toggle("d-none", trouble !== "session");
        let text = "";
        if (trouble) {
            text = texts[trouble].replace("%s", queue.size);
            if (this.waits) {
                text = `${texts.wait} ${text}`;
            }
        } else {
            this.waits = false;
        }
        this.find("offline_text").textContent = text;
        const saved = this.justSaved ? `✓ ${texts.saved}` : "";
        const status = trouble ? "" : queue.size ? texts.saving : saved;
        this.find("status").textContent = status;
    }

    showCountdown(now) {
        const { deadline, texts } = this.page;
        this.find("countdown").textContent = countdownText(deadline, now, texts);
    }
}
