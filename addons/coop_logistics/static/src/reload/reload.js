import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";

// Seconds between two looks at how far the work in the background is.
const EVERY = 4;

/** Reads the record of a form again and again, as long as nobody changes it. */
export class CoopReload extends Component {
    static template = xml``;
    static props = ["*"];

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.reload(), EVERY * 1000);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async reload() {
        const { record } = this.props;
        if (!document.hidden && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("coop_reload", { component: CoopReload });
