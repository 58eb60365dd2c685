/** Accessibility of the page one is on, by axe-core (see static/tests/lib/axe). */

const AXE = "/coop_orders/static/tests/lib/axe/axe.min.js";

async function load() {
    if (!window.axe) {
        await new Promise((resolve, reject) => {
            const script = document.createElement("script");
            script.src = AXE;
            script.onload = resolve;
            script.onerror = () => reject(new Error("axe-core could not be loaded"));
            document.head.append(script);
        });
    }
    return window.axe;
}

/** Throw, with what and where, at a serious or critical violation (below the menu). */
export async function checkAccessibility(root = "#wrap") {
    // A button on its way from one colour to the other has neither: only what stays is
    // looked at.
    const running = document
        .getAnimations()
        .filter((animation) => Number.isFinite(animation.effect.getComputedTiming().endTime));
    await Promise.allSettled(running.map((animation) => animation.finished));
    const axe = await load();
    const { violations } = await axe.run(root, { resultTypes: ["violations"] });
    const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
    if (grave.length) {
        const lines = grave.map(
            ({ id, help, nodes }) =>
                `${id}: ${help}\n` +
                nodes
                    .slice(0, 5)
                    .map((node) => `    ${node.html} ${node.failureSummary}`)
                    .join("\n")
        );
        throw new Error(`axe found:\n${lines.join("\n")}`);
    }
}

/** Throw if the page is wider than the screen or a target is under 44 px. */
export function checkPhone(root) {
    for (const selector of ["#wrap", "#wrapwrap", "html"]) {
        const page = document.querySelector(selector);
        if (page.scrollWidth > page.clientWidth) {
            const wide = [...page.querySelectorAll("*")]
                .filter((el) => el.getBoundingClientRect().right > page.clientWidth + 0.5)
                .map((el) => el.cloneNode().outerHTML);
            throw new Error(`${selector} is ${page.scrollWidth} px wide: ${wide.join("\n")}`);
        }
    }
    const targets = root.querySelectorAll("button, summary, input:not([type='hidden']), select");
    for (const target of targets) {
        const { width, height } = target.getBoundingClientRect();
        const isHidden = !width || target.classList.contains("btn-check");
        // What stands in a label is as large as the label.
        const isLabelled = target.matches("[type='radio'], [type='checkbox']");
        if (!isHidden && !isLabelled && (width < 43.5 || height < 43.5)) {
            throw new Error(`${width}×${height} px is too small: ${target.outerHTML}`);
        }
    }
}
