import { registry } from "@web/core/registry";

const press = (key) =>
    document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
    );

const selected = (ref) => `.o_coop_work_row[aria-selected=true]:contains("${ref}")`;

/** The accountant, without a mouse: document, down, up, wait, undo, claim, accept, open. */
registry.category("web_tour.tours").add("coop_reconciliation_work_list", {
    steps: () => [
        { trigger: selected("WL-1"), run: () => press("d") },
        { trigger: ".o_coop_work_wide .o_coop_work_document", run: () => press("d") },
        { trigger: ".o_coop_work_body:not(.o_coop_work_wide)", run: () => {} },
        { trigger: selected("WL-1"), run: () => press("ArrowDown") },
        { trigger: selected("WL-2"), run: () => press("ArrowUp") },
        { trigger: selected("WL-1"), run: () => press("w") },
        { trigger: `.o_coop_work:not(:contains("WL-1")) ${selected("WL-2")}`, run: () => press("u") },
        { trigger: selected("WL-1") },
        { trigger: '.o_coop_work_centre .o_coop_match:contains("Farine")', run: () => press("r") },
        { trigger: '.o_coop_work_row:contains("WL-1") .badge:contains("REC/")' },
        { trigger: selected("WL-2"), run: () => press("a") },
        { trigger: `.o_coop_work:not(:contains("WL-2")) ${selected("WL-1")}`, run: () => press("o") },
        { trigger: ".o_form_view" },
    ],
});
