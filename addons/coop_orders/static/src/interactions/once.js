import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** A form that a double tap does not send twice. */
export class CoopOnce extends Interaction {
    static selector = "form.o_coop_once";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pageshow": this.onShow },
    };

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
            return;
        }
        this.isSent = true;
        this.setBusy(true);
    }

    /** Back on the page by the browser's own button. */
    onShow(ev) {
        if (ev.persisted) {
            this.isSent = false;
            this.setBusy(false);
        }
    }

    setBusy(isBusy) {
        this.el.setAttribute("aria-busy", isBusy ? "true" : "false");
        for (const button of this.el.querySelectorAll("[type='submit']")) {
            button.classList.toggle("disabled", isBusy);
        }
    }
}

registry.category("public.interactions").add("coop_orders.once", CoopOnce);
