import {
    Component,
    markup,
    onMounted,
    onPatched,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

const VIEWER = "/web/static/lib/pdfjs/web/viewer.html?file=";

/**
 * The accountant's work list: bills that need a person, worst first.
 *
 * Arrows choose a bill, A accepts it, R claims, W waits, O opens, U undoes, D enlarges
 * the document: the whole list can be worked off without a mouse.
 */
export class WorkList extends Component {
    static template = "coop_reconciliation.WorkList";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.list = useRef("list");
        this.state = useState({
            bills: [],
            count: 0,
            touchless: { total: 0, touchless: 0, percent: 0 },
            index: 0,
            detail: null,
            busy: false,
            wide: false,
            done: 0,
        });
        this.last = null;
        this.keys = {
            a: () => this.act("accept"),
            r: () => this.act("claim"),
            w: () => this.act("wait"),
            o: () => this.open(),
            u: () => this.undo(),
            d: () => this.toggleDocument(),
            ArrowDown: () => this.select(this.state.index + 1),
            ArrowUp: () => this.select(this.state.index - 1),
            j: () => this.select(this.state.index + 1),
            k: () => this.select(this.state.index - 1),
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

    get current() {
        return this.state.bills[this.state.index];
    }

    async load() {
        const found = await this.orm.call("account.move", "coop_work_list", []);
        Object.assign(this.state, found);
        await this.select(Math.min(this.state.index, this.state.bills.length - 1));
    }

    async select(index) {
        if (!this.state.bills.length) {
            this.state.detail = null;
            return;
        }
        this.state.index = Math.max(0, Math.min(index, this.state.bills.length - 1));
        const wanted = this.current.id;
        const detail = await this.orm.call("account.move", "coop_work_detail", [[wanted]]);
        if (this.current?.id !== wanted) {
            // Gone on meanwhile: the answer to the last key wins.
            return;
        }
        detail.table = markup(detail.table);
        if (detail.document.html) {
            detail.document.html = markup(detail.document.html);
        }
        if (detail.document.url) {
            detail.document.viewer = VIEWER + encodeURIComponent(detail.document.url);
        }
        this.state.detail = detail;
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

    async act(name) {
        const bill = this.current;
        if (!bill || this.state.busy) {
            return;
        }
        if (name === "claim" && this.state.detail && !this.state.detail.can_claim) {
            this.notification.add(
                _t("Nothing on this bill can be claimed: accept it, or open it."),
                { type: "warning" }
            );
            return;
        }
        if (name === "accept" && this.state.detail && !this.state.detail.can_accept) {
            this.notification.add(_t("Nothing to accept yet: open the bill (O)."), {
                type: "warning",
            });
            return;
        }
        this.state.busy = true;
        let result = null;
        try {
            result = await this.orm.call("account.move", "coop_work_act", [[bill.id], name]);
        } finally {
            this.state.busy = false;
        }
        this.last = { ...result, bill };
        this.tell(name, bill, result);
        if (name === "claim") {
            bill.claim = result.claim;
            await this.select(this.state.index + 1);
        } else {
            this.state.bills = this.state.bills.filter(({ id }) => id !== bill.id);
            this.state.count--;
            this.state.done++;
            await this.select(this.state.index);
        }
    }

    tell(name, bill, result) {
        const words = {
            accept: result.posted
                ? _t("%s accepted and confirmed", bill.ref)
                : _t("%s accepted", bill.ref),
            claim: _t("%(bill)s: claim %(claim)s drafted", {
                bill: bill.ref,
                claim: result.claim || "",
            }),
            wait: _t("%s set aside", bill.ref),
        };
        const buttons = result.undo
            ? [{ name: _t("Undo (U)"), onClick: () => this.undo() }]
            : [];
        this.close?.();
        this.close = this.notification.add(words[name], { type: "success", buttons });
    }

    async undo() {
        if (!this.last?.undo || this.state.busy) {
            return;
        }
        const { bill, exceptions } = this.last;
        this.last = null;
        this.close?.();
        const row = await this.orm.call("account.move", "coop_work_undo", [
            [bill.id],
            exceptions,
        ]);
        const others = this.state.bills.filter(({ id }) => id !== row.id);
        this.state.bills = others.toSpliced(this.state.index, 0, row);
        this.state.count++;
        this.state.done--;
        await this.select(this.state.index);
    }

    open() {
        if (this.current) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "account.move",
                res_id: this.current.id,
                views: [[false, "form"]],
            });
        }
    }

    /** The document large enough to be read, the list aside. */
    toggleDocument() {
        this.state.wide = !this.state.wide;
    }

    openAll() {
        this.action.doAction("coop_reconciliation.account_move_match_action");
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId });
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }
}

registry.category("actions").add("coop_reconciliation.work_list", WorkList);
