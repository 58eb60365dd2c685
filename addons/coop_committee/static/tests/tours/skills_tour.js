import { registry } from "@web/core/registry";

/** A member is listed for what they can do. */
registry.category("web_tour.tours").add("coop_committee_skills", {
    steps: () => [
        {
            trigger: "a[href='/my/coop/skills']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#coop_skills", run: "edit Plomberie" },
        { trigger: "#coop_skills_listed", run: "check" },
        {
            trigger: "form[action='/my/coop/skills'][method='post'] button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".coop-card:contains(Alice):contains(Plomberie)" },
    ],
});
