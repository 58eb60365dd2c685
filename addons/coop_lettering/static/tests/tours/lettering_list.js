import { registry } from "@web/core/registry";

const press = (key) =>
    document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
    );

const row = ".o_coop_work_row";
const selected = (name) => `${row}[aria-selected=true]:contains("${name}")`;
const without = (name) => `.o_coop_work_list:not(:contains("${name}"))`;

/** Without a mouse: down, up, later, letter, undo, letter, dismiss, undo, open. */
registry.category("web_tour.tours").add("coop_lettering_lettering_list", {
    steps: () => [
        { trigger: selected("LT-1"), run: () => press("ArrowDown") },
        { trigger: selected("LT-2"), run: () => press("ArrowUp") },
        { trigger: `.o_coop_work_centre h2:contains("LT-1")` },
        { trigger: '.o_coop_work_centre td:contains("VIR LT-1")', run: () => press("w") },
        { trigger: `${row}:last-child:contains("LT-1")` },
        { trigger: selected("LT-2"), run: () => press("l") },
        { trigger: `${without("LT-2")} ${selected("LT-3")}`, run: () => press("u") },
        { trigger: selected("LT-2"), run: () => press("a") },
        { trigger: `${without("LT-2")} ${selected("LT-3")}` },
        { trigger: '.o_coop_letter_done:contains("1")' },
        { trigger: '.o_coop_letter_rest:contains("40")', run: () => press("r") },
        { trigger: `${without("LT-3")} ${selected("LT-1")}`, run: () => press("u") },
        { trigger: selected("LT-3"), run: () => press("n") },
        { trigger: `${without("LT-3")} ${selected("LT-1")}`, run: () => press("o") },
        { trigger: '.o_list_view .o_data_row:contains("LT-1")' },
    ],
});

/** Who only reads sees why, and has no key that decides. */
registry.category("web_tour.tours").add("coop_lettering_lettering_read", {
    steps: () => [
        { trigger: '.o_coop_work_centre h2:contains("LT-1")' },
        { trigger: '[role=toolbar]:not(:has(.btn-primary)):contains("O")', run: () => press("a") },
        { trigger: selected("LT-1"), run: () => press("ArrowDown") },
        { trigger: selected("LT-2") },
        { trigger: `${row}:contains("LT-1")` },
    ],
});
