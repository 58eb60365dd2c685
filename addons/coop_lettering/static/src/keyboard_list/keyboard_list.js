import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

/**
 * Rows to decide one after the other without a mouse: what the accountant's lists share.
 *
 * A list of its own says its `model`, the `templates` of its parts, its words, its keys
 * and what they do; arrows choose a row here.
 */
export class KeyboardList extends Component {
    static template = "coop_lettering.KeyboardList";
    static props = { ...standardActionServiceProps };
    static templates = {};
    static model = "";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.list = useRef("list");
        this.state = useState({
            rows: [],
            count: 0,
            index: 0,
            detail: null,
            busy: false,
            wide: false,
            done: 0,
        });
        this.last = null;
        this.keys = {
            u: () => this.undo(),
            o: () => this.open(),
            ArrowDown: () => this.select(this.state.index + 1),
            ArrowUp: () => this.select(this.state.index - 1),
            j: () => this.select(this.state.index + 1),
            k: () => this.select(this.state.index - 1),
            ...this.ownKeys,
        };
        useExternalListener(window, "keydown", this.onKeydown.bind(this));
        onWillStart(() => this.load());
        const show = () =>
            this.list.el
                ?.querySelector("[aria-selected=true]")
                ?.scrollIntoView({ block: "nearest" });
        onMounted(show);
        onPatched(show);
    }

    get templates() {
        return this.constructor.templates;
    }

    get current() {
        return this.state.rows[this.state.index];
    }

    call(method, ...args) {
        return this.orm.call(this.constructor.model, method, args);
    }

    async load() {
        Object.assign(this.state, await this.call("coop_work_list"));
        await this.select(Math.min(this.state.index, this.state.rows.length - 1));
    }

    async select(index) {
        if (!this.state.rows.length) {
            this.state.detail = null;
            return;
        }
        this.state.index = Math.max(0, Math.min(index, this.state.rows.length - 1));
        const wanted = this.current.id;
        const detail = await this.call("coop_work_detail", [wanted]);
        if (this.current?.id !== wanted) {
            // Gone on meanwhile: the answer to the last key wins.
            return;
        }
        this.state.detail = this.readDetail(detail);
    }

    /** What the server tells of a row, made ready for its template. */
    readDetail(detail) {
        return detail;
    }

    onKeydown(ev) {
        const typing = ev.target.closest?.("input, textarea, select, [contenteditable=true]");
        const elsewhere = document.querySelector(".modal.show, .o_command_palette");
        if (typing || elsewhere || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        const key = ev.key.length === 1 ? ev.key.toLowerCase() : ev.key;
        if (this.keys[key]) {
            ev.preventDefault();
            ev.stopPropagation();
            this.keys[key]();
        }
    }

    /** What a key does to the row, at the server; nothing while another one is running. */
    async decide(row, name) {
        this.state.busy = true;
        try {
            return await this.call("coop_work_act", [row.id], name);
        } finally {
            this.state.busy = false;
        }
    }

    /** Say what was done, with its undo; the sentence before goes away. */
    tell(words, { undo = false, type = "success" } = {}) {
        const buttons = undo ? [{ name: _t("Undo (U)"), onClick: () => this.undo() }] : [];
        this.close?.();
        this.close = this.notification.add(words, { type, buttons });
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId });
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }
}
