import { registry } from "@web/core/registry";

const line = ".o_field_widget[name='line_ids'] .o_data_row:contains(Product 0)";

/** The buyer: why so much, its chart, another number of packs, one click orders. */
registry.category("web_tour.tours").add("coop_orders_purchase_plan", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row:contains(Farm 1) .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name='action_compute']",
            run: "click",
        },
        {
            trigger: `${line} td[name='why']:contains(60 to sell in the 7 days after)`,
        },
        {
            trigger: `${line} .o_list_record_open_form_view button`,
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='daily'] svg",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='why']:contains(60 to sell)",
        },
        {
            trigger: ".o_breadcrumb .o_back_button a, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            trigger: `${line} td[name='packs']`,
            run: "click",
        },
        {
            trigger: `${line} div[name='packs'] input`,
            run: "edit 7",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: `.o_form_saved ${line} td[name='packs']:contains(7)`,
        },
        {
            trigger: ".o_statusbar_buttons button[name='action_order']",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name='order_line'] .o_data_row:contains(Product 0)",
        },
    ],
});
