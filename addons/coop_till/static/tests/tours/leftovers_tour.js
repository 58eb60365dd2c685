import { registry } from "@web/core/registry";

/** The end of a day on a phone: everybody has come, one box of eggs is spoilt. */
registry.category("web_tour.tours").add("coop_till_leftovers", {
    steps: () => [
        { trigger: ".coop-till-end", run: "click" },
        { trigger: ".coop-till-end.btn-warning", run: "click" },
        { trigger: ".coop-till-leftovers", run: "click" },
        {
            content: "All as expected",
            trigger: ".coop-leftovers .btn-outline-success.w-100",
            run: "click",
        },
        {
            content: "What is lost of the eggs",
            trigger: ".coop-count-line:contains(ufs) .coop-leftover-value:eq(1)",
            run: "click",
        },
        { trigger: ".coop-pad-keys .coop-key:contains(1)", run: "click" },
        { trigger: ".coop-pad .btn-primary", run: "click" },
        {
            content: "Not without a reason",
            trigger: ".coop-record-leftovers:disabled",
        },
        {
            trigger: ".coop-count-line:contains(ufs) [role=group] .btn:eq(0)",
            run: "click",
        },
        { trigger: ".coop-record-leftovers:enabled", run: "click" },
        {
            content: "Recorded: nothing to press any more",
            trigger: ".coop-leftovers:not(:has(.coop-record-leftovers))",
        },
    ],
});
