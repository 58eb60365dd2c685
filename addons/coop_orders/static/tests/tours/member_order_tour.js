import { registry } from "@web/core/registry";

/** A member orders on a phone: taps, search, confirm, change. */
registry.category("web_tour.tours").add("coop_orders_member_order", {
    steps: () => [
        {
            content: "The open window is the first card",
            trigger: ".coop-card a.btn-primary:contains(Order now)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_window[data-ready='1'] .o_coop_row:contains(Product 0) .o_coop_plus",
            run: "click",
        },
        {
            trigger: ".o_coop_row:contains(Product 0) .o_coop_plus",
            run: "click",
        },
        {
            trigger: ".o_coop_row:contains(Product 0) .o_coop_quantity:value(2)",
        },
        {
            trigger: ".o_coop_search",
            run: "edit product 3",
        },
        {
            trigger: ".o_coop_rows:not(:has(.o_coop_row.d-flex:contains(Product 0)))",
        },
        {
            trigger: ".o_coop_row.d-flex:contains(Product 3) .o_coop_plus",
            run: "click",
        },
        {
            content: "Saved by itself",
            trigger: ".o_coop_status:contains(Saved)",
        },
        {
            content: "It says that nothing is confirmed yet",
            trigger: ".o_coop_advice:contains(not confirmed yet)",
        },
        {
            trigger: ".o_coop_validate:not(.disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "label:contains(Village square)",
            run: "click",
        },
        {
            trigger: "button:contains(Confirm my order)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(your order is confirmed)",
        },
        {
            trigger: "a:contains(Change the products)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_window[data-ready='1'] .o_coop_row:contains(Product 0) .o_coop_minus",
            run: "click",
        },
        {
            trigger: ".o_coop_status:contains(Saved)",
        },
        {
            trigger: ".o_coop_advice:contains(Order confirmed)",
        },
    ],
});
