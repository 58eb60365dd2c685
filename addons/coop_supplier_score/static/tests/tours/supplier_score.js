import { registry } from "@web/core/registry";

/** The buyer reads the list of suppliers, then the charts of one. */
registry.category("web_tour.tours").add("coop_supplier_score_supplier_score", {
    steps: () => [
        { trigger: '.o_coop_score_row a:contains("Au bon moulin")', run: "click" },
        { trigger: '.o_coop_score h1:contains("Au bon moulin")' },
        { trigger: ".o_coop_score_panel svg .o_coop_bar" },
        { trigger: '.o_coop_score_panel:contains("80")' },
        { trigger: ".o_coop_score .btn-group button:first-child", run: "click" },
        { trigger: ".o_coop_score .btn-group button:first-child[aria-pressed=true]" },
        { trigger: ".o_coop_score header > button.btn-secondary:last-child", run: "click" },
        { trigger: ".o_pivot" },
    ],
});
