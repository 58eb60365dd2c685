import { registry } from "@web/core/registry";

const click = (trigger) => ({ trigger, run: "click" });
const atLast = (trigger) => ({ trigger, timeout: 60000 });
const key = (text) => [
    ...[...text].map((digit) => click(`.coop-pad-keys .coop-key[aria-label='${digit}']`)),
    click(".coop-pad .btn-primary"),
    { trigger: "body:not(:has(.coop-pad-back))" },
];
const CAMERA_SEES = "3017620422003";
const SCANNER_TYPES = "2000000000015";

/** A camera that looks at a box of eggs. */
function fakeCamera() {
    navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement("canvas");
        Object.assign(canvas, { width: 320, height: 240 });
        const picture = canvas.getContext("2d");
        setInterval(() => picture.fillRect(0, 0, 320, 240), 50);
        return canvas.captureStream();
    };
    window.BarcodeDetector = class {
        static async getSupportedFormats() {
            return ["ean_13"];
        }
        async detect(video) {
            const { videoWidth, videoHeight } = video;
            const boundingBox = new DOMRect(videoWidth / 2, videoHeight / 2, 1, 1);
            return [{ rawValue: CAMERA_SEES, boundingBox }];
        }
    };
}

/** A scanner types faster than anybody. */
function scan() {
    for (const pressed of [...SCANNER_TYPES, "Enter"]) {
        window.dispatchEvent(new KeyboardEvent("keydown", { key: pressed }));
    }
}

// A volunteer counts a delivery on a phone or a tablet.
registry.category("web_tour.tours").add("coop_logistics_reception", {
    steps: () => [
        click(".coop-delivery:contains('Laiterie')"),
        atLast(".coop-count-line:contains('Comté')"),
        { trigger: ".coop-scan", run: fakeCamera },
        click(".coop-scan"),
        atLast(".coop-pad:contains('Œufs')"),
        ...key("7"),
        { trigger: ".coop-different:contains('Œufs')" },
        click(".coop-more [role='group'] .btn:first"),
        { trigger: ".coop-count-line:contains('Comté')", run: scan },
        { trigger: ".coop-pad:contains('Comté')" },
        ...key("1150"),
        { trigger: ".coop-different:contains('Comté')" },
        click(".coop-more [role='group'] .btn:first"),
        {
            trigger: ".coop-more input[inputmode='text']",
            run: "edit 9 && press Tab",
        },
        { trigger: ".coop-more [role='alert']" },
        { trigger: "#coop_note", run: "edit BL-2026-77" },
        click(".coop-all-good"),
        atLast(".coop-finish:not([disabled])"),
        click(".coop-finish"),
        atLast(".coop-reception .alert-warning"),
    ],
});
