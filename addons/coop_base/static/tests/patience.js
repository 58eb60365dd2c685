import { patch } from "@web/core/utils/patch";
import { TourAutomatic } from "@web_tour/js/tour_automatic/tour_automatic";

/** How long a step may take says whether the machine is busy, not whether it works. */
const PATIENCE = 180000;

patch(TourAutomatic.prototype, {
    start() {
        for (const step of this.steps) {
            step.timeout = PATIENCE;
        }
        super.start();
    },
});
