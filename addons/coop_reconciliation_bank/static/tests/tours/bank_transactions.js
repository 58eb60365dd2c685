import { registry } from "@web/core/registry";

/** The accountant confirms what is proposed, then takes it back. */
registry.category("web_tour.tours").add("coop_reconciliation_bank_transactions", {
    steps: () => [
        {
            trigger: '.o_kanban_record:contains("ACOMPTE FA123") .badge.text-bg-info',
            run: "click",
        },
        { trigger: '.alert-info:contains("FA123")' },
        { trigger: '.o_field_account_reconcile_oca_data:contains("Au bon moulin")' },
        { trigger: "button[name=reconcile_bank_line]:not(.disabled)", run: "click" },
        // Nothing waits any more: the filter of what is not lettered is taken off.
        { trigger: ".o_view_nocontent_smiling_face" },
        { trigger: ".o_searchview_facet .o_facet_remove", run: "click" },
        {
            trigger: '.o_kanban_record:contains("ACOMPTE FA123") .badge.text-bg-success',
            run: "click",
        },
        { trigger: "button[name=unreconcile_bank_line]", run: "click" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "button[name=clean_reconcile]" },
    ],
});
