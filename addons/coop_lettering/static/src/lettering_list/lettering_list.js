import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeyboardList } from "@coop_lettering/keyboard_list/keyboard_list";

/**
 * The suggestions of the lettering: what is not certain, decided by a person.
 *
 * Arrows choose a suggestion, A or L letters it, R or N dismisses it, W keeps it for
 * later, O opens its journal items, U undoes the last.
 */
export class LetteringList extends KeyboardList {
    static model = "coop.lettering.run.line";
    static templates = {
        header: "coop_lettering.LetteringList.Header",
        empty: "coop_lettering.LetteringList.Empty",
        row: "coop_lettering.LetteringList.Row",
        detail: "coop_lettering.LetteringList.Detail",
    };

    setup() {
        super.setup();
        Object.assign(this.state, { guesses: 0, can_decide: false });
        // In the order in which they were kept for later.
        this.later = [];
    }

    get title() {
        return _t("Lettering to Confirm");
    }

    get ownKeys() {
        return {
            a: () => this.act("accept"),
            l: () => this.act("accept"),
            r: () => this.act("dismiss"),
            n: () => this.act("dismiss"),
            w: () => this.keep(),
        };
    }

    get sides() {
        const { debit, credit } = this.state.detail;
        return [
            { name: "debit", title: _t("Debit"), ...debit },
            { name: "credit", title: _t("Credit"), ...credit },
        ];
    }

    async load() {
        const found = await this.call("coop_work_list");
        const rank = ({ id }) => this.later.indexOf(id);
        found.rows.sort((one, other) => rank(one) - rank(other));
        Object.assign(this.state, found);
        await this.select(Math.min(this.state.index, this.state.rows.length - 1));
    }

    async act(name) {
        const row = this.current;
        if (!row || this.state.busy || !this.state.can_decide) {
            return;
        }
        const result = await this.decide(row, name);
        if (result.state === "refused") {
            this.tell(result.message, { type: "warning" });
        } else {
            this.last = { ...result, row };
            this.state.done++;
            this.tell(this.getWords(name, row, result), result);
        }
        // Read anew: others may share an item with this one.
        await this.load();
    }

    getWords(name, row, result) {
        const { partner } = row;
        if (name === "dismiss") {
            return _t("%s: suggestion dismissed", partner);
        }
        return result.code
            ? _t("%(partner)s lettered: %(code)s", { partner, code: result.code })
            : _t("%s lettered, a part stays open", partner);
    }

    /** Behind the others: it comes again once these are decided. */
    async keep() {
        const row = this.current;
        if (!row || this.state.busy) {
            return;
        }
        this.later = [...this.later.filter((id) => id !== row.id), row.id];
        const others = this.state.rows.filter(({ id }) => id !== row.id);
        this.state.rows = [...others, row];
        await this.select(this.state.index);
    }

    async undo() {
        if (!this.last?.undo || this.state.busy) {
            return;
        }
        const { row } = this.last;
        this.last = null;
        this.close?.();
        this.state.busy = true;
        try {
            await this.call("coop_work_undo", [row.id]);
        } finally {
            this.state.busy = false;
        }
        this.state.done--;
        await this.load();
        await this.select(this.state.rows.findIndex(({ id }) => id === row.id));
    }

    open() {
        if (this.current) {
            this.action.doActionButton({
                type: "object",
                name: "action_open_items",
                resModel: this.constructor.model,
                resId: this.current.id,
                context: user.context,
            });
        }
    }

    openRuns() {
        this.action.doAction("coop_lettering.coop_lettering_run_action");
    }
}

registry.category("actions").add("coop_lettering.lettering_list", LetteringList);
