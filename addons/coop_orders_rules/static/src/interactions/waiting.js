import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/**
 * The waiting lists on the order page: join and give up in one tap. A product that is
 * refused while the page is open gets its waiting list without loading the page again.
 */
export class CoopWaiting extends Interaction {
    static selector = ".o_coop_window";
    dynamicContent = {
        _root: { "t-on-click": this.onClick },
    };

    setup() {
        this.url = `/my/coop/window/${this.el.dataset.window}`;
    }

    start() {
        for (const message of this.el.querySelectorAll(".o_coop_row .o_coop_message")) {
            const wait = message.closest(".o_coop_row").querySelector(".o_coop_wait");
            if (!wait) {
                continue;
            }
            const observer = new MutationObserver(() => {
                if (message.textContent) {
                    wait.classList.replace("d-none", "d-flex");
                }
            });
            observer.observe(message, { childList: true, characterData: true });
            this.registerCleanup(() => observer.disconnect());
        }
    }

    async onClick(ev) {
        const join = ev.target.closest(".o_coop_wait_join");
        const leave = ev.target.closest(".o_coop_leave");
        if (join) {
            await this.join(join);
        } else if (leave) {
            await this.leave(leave);
        }
    }

    async join(button) {
        const row = button.closest(".o_coop_row");
        const wait = button.closest(".o_coop_wait");
        button.disabled = true;
        const result = await this.call("wait", row.querySelector(".o_coop_message"), {
            offer_id: Number(row.dataset.offer),
            quantity: Number(wait.querySelector(".o_coop_wait_quantity").value),
        });
        button.disabled = false;
        if (result) {
            row.querySelector(".o_coop_message").textContent = "";
            wait.textContent = result.text;
            wait.classList.remove("justify-content-end");
            wait.classList.add("small", "fw-bold", "text-success-emphasis", "o_coop_waits");
            wait.setAttribute("role", "status");
        }
    }

    async leave(button) {
        const place = button.closest(".o_coop_place");
        const message = this.el.querySelector(".o_coop_places_message");
        button.disabled = true;
        const result = await this.call("leave", message, {
            place_id: Number(place.dataset.place),
        });
        button.disabled = false;
        if (result) {
            // Quantities of the order may have changed too.
            window.location.reload();
        }
    }

    async call(action, message, params) {
        try {
            const result = await this.waitFor(
                rpc(`${this.url}/${action}`, params, { silent: true })
            );
            message.textContent = result.error || "";
            return result.error ? null : result;
        } catch {
            message.textContent = this.el.dataset.offlineText;
            return null;
        }
    }
}

registry.category("public.interactions").add("coop_orders.waiting", CoopWaiting);
