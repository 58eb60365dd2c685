import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { registry } from "@web/core/registry";

/** Yes for one, no and the next step for the other; why is nowhere. */
registry.category("web_tour.tours").add("coop_volunteers_pos_till", {
    steps: () =>
        [
            Chrome.startPoS(),
            { trigger: ".modal .modal-footer .btn-primary", run: "click" },
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Zoé Ajour"),
            { trigger: ".o_coop_may_shop.alert-success" },
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Zoé Retard"),
            { trigger: ".o_coop_may_shop.alert-danger:contains(rattrapage)" },
            { trigger: "body:not(:contains(absences))" },
        ].flat(),
});
