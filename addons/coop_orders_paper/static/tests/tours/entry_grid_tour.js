import { registry } from "@web/core/registry";

const press = (key) => {
    document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
    );
};

/** Type into what has the focus, as a keyboard does: no mouse, no selector. */
const type = (text) => {
    const input = document.activeElement;
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
};

const cell = (row, column) => `input[data-row="${row}"][data-column="${column}"]`;

/** The coordinator, by keyboard only: digits, Enter, arrows, refusal, Escape, search. */
registry.category("web_tour.tours").add("coop_orders_entry_grid", {
    steps: () => [
        {
            trigger: `.o_coop_grid ${cell(0, 0)}:focus`,
            run: () => {
                type("2");
                press("Enter");
            },
        },
        {
            trigger: `${cell(0, 1)}:focus`,
            run: () => {
                type("1,5");
                press("ArrowDown");
            },
        },
        {
            trigger: `${cell(1, 1)}:focus`,
            run: () => {
                type("400");
                press("ArrowLeft");
            },
        },
        {
            trigger: `td:has(${cell(1, 1)}) .o_coop_grid_why:contains(At most 9)`,
        },
        {
            trigger: `${cell(1, 0)}:focus`,
            run: () => {
                if (document.querySelector(cell(1, 1)).value !== "") {
                    throw new Error("The refused quantity is still shown");
                }
                type("7");
                press("Escape");
            },
        },
        {
            trigger: `${cell(1, 0)}:focus`,
            run: () => {
                if (document.activeElement.value !== "") {
                    throw new Error("Escape did not undo what was typed");
                }
                press("/");
            },
        },
        {
            trigger: ".o_coop_grid_search:focus",
            run: () => {
                type("ZOE");
                press("Enter");
            },
        },
        {
            trigger: `tr:contains(zoé) ${cell(0, 0)}:focus`,
            run: () => {
                type("4");
                press("Enter");
            },
        },
        {
            trigger: `${cell(0, 1)}:focus`,
            run: () => {
                press("ArrowLeft");
            },
        },
        {
            trigger: `${cell(0, 0)}:focus`,
            run: () => {
                type("+2");
                press("Enter");
            },
        },
        {
            trigger: ".o_coop_grid_bar [role='status']:contains(Saved)",
        },
        {
            trigger: "tr:contains(zoé) .text-success:contains(Validated)",
        },
    ],
});

/** The referent on a phone: opens the window, keys in a paper order, sees the total. */
registry.category("web_tour.tours").add("coop_orders_referent_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(June order)",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name='action_open_entry_grid'], .o_statusbar_buttons .dropdown-toggle, .o_form_statusbar .o-dropdown",
            run: () => {
                const direct = document.querySelector("button[name='action_open_entry_grid']");
                (
                    direct ||
                    document.querySelector(
                        ".o_statusbar_buttons .dropdown-toggle, .o_form_statusbar .o-dropdown"
                    )
                ).click();
                if (!direct) {
                    setTimeout(
                        () =>
                            document
                                .querySelector("button[name='action_open_entry_grid']")
                                .click(),
                        500
                    );
                }
            },
        },
        {
            trigger: ".o_coop_grid_search:focus",
            run: "edit odile",
        },
        {
            trigger: ".o_coop_grid_matches button:contains(Odile on paper)",
            run: "click",
        },
        {
            trigger: `.o_coop_grid_line:contains(Product 0) ${cell(0, 0)}`,
            run: ({ anchor }) => {
                anchor.focus();
                type("3");
            },
        },
        {
            trigger: `.o_coop_grid_line:contains(Product 2) ${cell(0, 2)}`,
            run: ({ anchor }) => {
                anchor.focus();
                type("1");
            },
        },
        {
            trigger: ".o_coop_grid_next",
            run: "click",
        },
        {
            trigger: ".o_coop_grid_matches button:contains(Odile on paper):contains(10.00)",
        },
        {
            trigger: ".o_coop_grid_all:contains(10.00)",
        },
        {
            trigger: ".o_coop_grid_back",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='order_count']:contains(1)",
        },
    ],
});
