import { registry } from "@web/core/registry";

/** The referent, on a phone: one present, one late, a slip undone, the sheet closed. */
registry.category("web_tour.tours").add("coop_volunteers_referent", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Alice) button[name='action_present']",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Alice):contains(Présent)",
        },
        {
            trigger: ".o_kanban_record:contains(Bruno) button[name='action_absent']",
            run: "click",
        },
        {
            content: "A slip of the finger is undone",
            trigger: ".o_kanban_record:contains(Bruno) button[name='action_reset']",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Bruno) button[name='action_late']",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Bruno):contains(En retard)",
        },
    ],
});

/** The coordinator: the shifts at risk, a message removed, a leave granted. */
registry.category("web_tour.tours").add("coop_volunteers_coordinator", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Vends poussette) button[name='action_hide']",
            run: "click",
        },
        {
            content: "It is erased for good",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Nothing is left to look at",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Vends poussette)))",
        },
        {
            trigger: "button[data-menu-xmlid='coop_volunteers.coop_menu_volunteers']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='coop_volunteers.coop_menu_volunteers_leaves']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Bruno) td[name='member_id']",
            run: "click",
        },
        {
            trigger: "button[name='action_grant']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Accordé)",
        },
    ],
});
