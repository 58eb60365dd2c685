import { registry } from "@web/core/registry";

// A referent with a tablet: find the member, weigh the cheese, take the cash.
registry.category("web_tour.tours").add("coop_logistics_serve", {
    steps: () => [
        {
            content: "open the basket of Alice",
            trigger: ".o_data_row:contains('Alice') button[name='action_coop_open_payment']",
            run: "click",
        },
        {
            content: "weigh the cheese",
            trigger: ".modal .o_data_row:contains('Comté') .o_data_cell[name='quantity']",
            run: "click",
        },
        {
            trigger:
                ".modal .o_data_row:contains('Comté') .o_field_widget[name='quantity'] input",
            run: "edit 0.437 && press Tab",
        },
        {
            content: "the amount follows",
            trigger: ".modal .o_field_widget[name='amount_due']:contains('16')",
        },
        {
            content: "cash",
            trigger: ".modal .o_field_widget[name='method'] .o_selection_badge:contains('Espèces')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='amount_given'] input",
            run: "edit 20 && press Tab",
        },
        {
            content: "the change is said",
            trigger: ".modal .o_field_widget[name='amount_change']:contains('3')",
        },
        {
            trigger: ".modal footer button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "Alice is served",
            trigger: "body:not(:has(.modal)) .o_list_view, body:not(:has(.modal)) .o_form_view",
        },
        {
            trigger: ".o_data_row:contains('Alice') .badge.text-bg-success",
        },
    ],
});
