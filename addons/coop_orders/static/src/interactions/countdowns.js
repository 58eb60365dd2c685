import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { countdownText, ServerClock } from "./window_text";

/** The countdowns of the home page's cards. */
export class CoopCountdowns extends Interaction {
    static selector = ".o_coop_countdowns";

    setup() {
        this.texts = JSON.parse(this.el.dataset.texts);
        this.clock = new ServerClock(this.el.dataset.now);
    }

    start() {
        this.tick();
        const timer = setInterval(() => this.tick(), 20000);
        this.registerCleanup(() => clearInterval(timer));
    }

    tick() {
        for (const el of this.el.querySelectorAll(".o_coop_countdown")) {
            const deadline = new Date(el.dataset.deadline);
            const text = countdownText(deadline, this.clock.now(), this.texts);
            el.textContent = `(${text})`;
        }
    }
}

registry.category("public.interactions").add("coop_orders.countdowns", CoopCountdowns);
