import { registry } from "@web/core/registry";

/** The accountant goes from a figure of the dashboard to what is behind it. */
registry.category("web_tour.tours").add("coop_reconciliation_match_dashboard", {
    steps: () => [
        { trigger: ".o_coop_dashboard_touchless" },
        { trigger: '.o_coop_dashboard section a:contains("Au bon moulin")', run: "click" },
        { trigger: '.o_list_view .o_data_row:contains("Farine")' },
        { trigger: ".breadcrumb-item a, .o_back_button", run: "click" },
        { trigger: ".o_coop_dashboard button.card:first", run: "click" },
        { trigger: ".o_coop_work" },
    ],
});
