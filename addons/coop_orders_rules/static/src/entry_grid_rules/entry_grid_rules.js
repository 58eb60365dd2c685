import { _t } from "@web/core/l10n/translation";
import { EntryGrid } from "@coop_orders_paper/entry_grid/entry_grid";
import { patch } from "@web/core/utils/patch";

/** Members whom the rules refuse: why, and a coordinator's exception with its reason. */
patch(EntryGrid.prototype, {
    explain(member) {
        this.setMode("member");
        this.choose(member);
    },

    async permit(member, ev) {
        ev.preventDefault();
        const reason = new FormData(ev.target).get("reason");
        try {
            const row = await this.orm.call("coop.order.window", "permit_member", [
                [this.windowId],
                member.id,
                reason,
            ]);
            Object.assign(member, row, { permit_message: "" });
        } catch (error) {
            member.permit_message = error.data?.message || _t("Not saved: try again.");
        }
        this.state.version++;
    },
});
