import { registry } from "@web/core/registry";

const row = "tr.o_coop_grid_row:contains(Odile on paper)";

/** A member who may not order: said in the row, let through with a reason, keyed in. */
registry.category("web_tour.tours").add("coop_orders_entry_grid_refusal", {
    steps: () => [
        { trigger: `${row} button:contains(Charter not signed)`, run: "click" },
        {
            trigger: ".alert input[name=reason]",
            run: "edit Signs on Thursday",
        },
        { trigger: ".alert button:contains(Let order)", run: "click" },
        {
            trigger:
                ".o_coop_grid:not(:has(.alert-warning)) .o_coop_grid_line input[data-column='0']",
            run: "edit 4",
        },
        { trigger: ".o_coop_grid_next", run: "click" },
        { trigger: ".o_coop_grid [role=status]:contains(Saved)" },
        { trigger: ".list-group-item:contains(Odile on paper):contains(8)" },
    ],
});
