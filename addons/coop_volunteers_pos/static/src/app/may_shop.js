import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { patch } from "@web/core/utils/patch";

/** May the chosen customer shop? Yes or no and the next step, asked when chosen. */
export class CoopMayShop extends Component {
    static template = "coop_volunteers_pos.MayShop";
    static props = { partner: { optional: true } };

    setup() {
        this.pos = usePos();
        this.state = useState({ result: "none", step: "" });
        onWillStart(() => {
            this.ask(this.props.partner);
        });
        onWillUpdateProps((props) => {
            if (props.partner?.id !== this.props.partner?.id) {
                this.ask(props.partner);
            }
        });
    }

    async ask(partner) {
        this.asked = partner?.id;
        Object.assign(this.state, { result: "none", step: "" });
        if (typeof partner?.id !== "number") {
            return;
        }
        // False without network.
        const answer = await this.pos.data.silentCall("res.partner", "coop_pos_may_shop", [
            partner.id,
        ]);
        // Somebody else may have been chosen meanwhile.
        if (this.asked === partner.id) {
            Object.assign(this.state, answer || { result: "unknown", step: "" });
        }
    }
}

patch(ProductScreen, {
    components: { ...ProductScreen.components, CoopMayShop },
});
