import { registry } from "@web/core/registry";

/** The coordinator adds two points by hand, and says why. */
registry.category("web_tour.tours").add("coop_volunteers_points_by_hand", {
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='member_id'] input",
            run: "edit Alice",
        },
        {
            trigger: ".ui-menu-item > a:contains(Alice Adhérente)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='points'] input",
            run: "edit 2",
        },
        {
            trigger: ".o_field_widget[name='note'] input",
            run: "edit Inventaire du dimanche",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved .o_field_widget[name='note']",
        },
    ],
});
