import { registry } from "@web/core/registry";

/** The buyer makes a purchase order by hand: producer, one product, save. */
registry.category("web_tour.tours").add("coop_orders_purchase_by_hand", {
    steps: () => [
        {
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='partner_id'] input",
            run: "edit Farm 1",
        },
        {
            trigger: ".ui-menu-item > a:contains(Farm 1)",
            run: "click",
        },
        {
            trigger: ".o_field_x2many_list_row_add > a:first-child",
            run: "click",
        },
        {
            trigger:
                ".o_data_row .o_field_widget[name='product_id'] input," +
                " .o_data_row .o_field_widget[name='product_id'] textarea",
            run: "edit Product 0",
        },
        {
            trigger: ".ui-menu-item > a:contains(Product 0)",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_field_widget[name='product_qty'] input",
            run: "edit 7",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger:
                ".o_form_saved .o_data_row:contains(Product 0) td[name='product_qty']:contains(7)",
        },
    ],
});

/** The coordinator adds a distribution to a window, its hours last. */
registry.category("web_tour.tours").add("coop_orders_distribution_by_hand", {
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='window_id'] input",
            run: "edit June order",
        },
        {
            trigger: ".ui-menu-item > a:contains(June order)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='collection_point_id'] input",
            run: "edit Third",
        },
        {
            trigger: ".ui-menu-item > a:contains(Third point)",
            run: "click",
        },
        ...["date_start", "date_end"].flatMap((name, index) => [
            {
                trigger: `.o_field_widget[name='${name}'] button, .o_field_widget[name='${name}'] input`,
                run: "click",
            },
            {
                trigger: `.o_field_widget[name='${name}'] input`,
                run: `edit 06/1${index + 1}/2030 10:00:00 && press Enter`,
            },
        ]),
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved .o_field_widget[name='collection_point_id']",
        },
    ],
});
