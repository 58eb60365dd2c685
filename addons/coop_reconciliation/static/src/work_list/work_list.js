import { markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeyboardList } from "@coop_lettering/keyboard_list/keyboard_list";

const VIEWER = "/web/static/lib/pdfjs/web/viewer.html?file=";

/**
 * The accountant's work list: bills that need a person, worst first.
 *
 * Arrows choose a bill, A accepts it, R claims, W waits, O opens, U undoes, D enlarges
 * the document: the whole list can be worked off without a mouse.
 */
export class WorkList extends KeyboardList {
    static model = "account.move";
    static templates = {
        header: "coop_reconciliation.WorkList.Header",
        empty: "coop_reconciliation.WorkList.Empty",
        row: "coop_reconciliation.WorkList.Row",
        detail: "coop_reconciliation.WorkList.Detail",
    };

    setup() {
        super.setup();
        this.state.touchless = { total: 0, touchless: 0, percent: 0 };
    }

    get title() {
        return _t("Bills to Check");
    }

    get ownKeys() {
        return {
            a: () => this.act("accept"),
            r: () => this.act("claim"),
            w: () => this.act("wait"),
            d: () => this.toggleDocument(),
        };
    }

    readDetail(detail) {
        detail.table = markup(detail.table);
        if (detail.document.html) {
            detail.document.html = markup(detail.document.html);
        }
        if (detail.document.url) {
            detail.document.viewer = VIEWER + encodeURIComponent(detail.document.url);
        }
        return detail;
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
        const result = await this.decide(bill, name);
        this.last = { ...result, bill };
        this.tell(this.getWords(name, bill, result), result);
        if (name === "claim") {
            bill.claim = result.claim;
            await this.select(this.state.index + 1);
        } else {
            this.state.rows = this.state.rows.filter(({ id }) => id !== bill.id);
            this.state.count--;
            this.state.done++;
            await this.select(this.state.index);
        }
    }

    getWords(name, bill, result) {
        return {
            accept: result.posted
                ? _t("%s accepted and confirmed", bill.ref)
                : _t("%s accepted", bill.ref),
            claim: _t("%(bill)s: claim %(claim)s drafted", {
                bill: bill.ref,
                claim: result.claim || "",
            }),
            wait: _t("%s set aside", bill.ref),
        }[name];
    }

    async undo() {
        if (!this.last?.undo || this.state.busy) {
            return;
        }
        const { bill, exceptions } = this.last;
        this.last = null;
        this.close?.();
        const row = await this.call("coop_work_undo", [bill.id], exceptions);
        const others = this.state.rows.filter(({ id }) => id !== row.id);
        this.state.rows = others.toSpliced(this.state.index, 0, row);
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
}

registry.category("actions").add("coop_reconciliation.work_list", WorkList);
