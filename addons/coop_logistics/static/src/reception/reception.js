import {
    Component,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { CountQueue } from "./count_queue";
import { NumberPad } from "../pad/number_pad";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { registry } from "@web/core/registry";
import { sayQuantity } from "../pad/quantity";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

const POLL = 10000;
// A scanner types faster than anybody.
const KEYSTROKE = 60;
const PHOTO = 1280;

/** Today's deliveries, and counting one of them line by line. */
export class Reception extends Component {
    static template = "coop_logistics.Reception";
    static components = { NumberPad };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({
            cards: [],
            delivery: null,
            openId: null,
            pad: null,
            offline: false,
            waiting: 0,
            busy: false,
        });
        this.queue = new CountQueue({
            send: async (pickingId, counts) => {
                const lines = await this.orm.silent.call(
                    "stock.picking",
                    "coop_reception_count",
                    [[pickingId], counts]
                );
                this.merge(pickingId, lines);
            },
            isConnectionLost: (error) => error instanceof ConnectionLostError,
            onChange: (queue) => {
                this.state.offline = queue.offline;
                this.state.waiting = queue.size;
            },
        });
        this.scan = { text: "", at: 0 };
        this.canScan = isBarcodeScannerSupported();
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        useExternalListener(window, "online", () => this.queue.flush());
        onWillStart(async () => {
            await this.load();
            this.queue.flush();
        });
        this.timer = browser.setInterval(() => this.poll(), POLL);
        onWillUnmount(() => {
            browser.clearInterval(this.timer);
            this.queue.stopped = true;
        });
    }

    async load() {
        this.state.cards = await this.orm.call(
            "stock.picking",
            "coop_reception_load",
            []
        );
    }

    async open(card) {
        const delivery = await this.orm.call("stock.picking", "coop_reception_read", [
            [card.id],
        ]);
        this.state.delivery = delivery;
        this.state.openId = null;
        // Counted before the connection was lost, and not sent yet
        for (const count of this.queue.get(card.id)) {
            this.apply(count);
        }
    }

    async back() {
        this.state.delivery = null;
        await this.load();
    }

    /** What others counted, without losing what is on its way from here. */
    merge(pickingId, lines) {
        const delivery = this.state.delivery;
        if (delivery?.id !== pickingId) {
            return;
        }
        delivery.lines = lines;
        for (const count of this.queue.get(pickingId)) {
            this.apply(count);
        }
    }

    async poll() {
        const delivery = this.state.delivery;
        if (!delivery || delivery.done || this.state.busy || browser.document?.hidden) {
            return;
        }
        try {
            const news = await this.orm.silent.call(
                "stock.picking",
                "coop_reception_read",
                [[delivery.id]]
            );
            this.merge(delivery.id, news.lines);
            delivery.done = news.done;
            this.state.offline = false;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.offline = true;
        }
    }

    // ------------------------------------------------------------------
    // Counting
    // ------------------------------------------------------------------

    apply(count) {
        const line = this.state.delivery.lines.find((row) => row.id === count.move_id);
        if (!line) {
            return;
        }
        for (const key of ["reason_id", "temperature", "lot", "use_by", "blocks"]) {
            if (key in count) {
                line[key] = count[key];
            }
        }
        if ("quantity" in count) {
            line.counted = count.quantity;
            line.picked = true;
        }
        if (count.photo) {
            line.has_photo = true;
        }
    }

    save(line, values) {
        this.apply({ move_id: line.id, ...values });
        this.queue.add(this.state.delivery.id, line.id, values);
    }

    get progress() {
        const { lines } = this.state.delivery;
        const done = lines.filter((line) => line.picked).length;
        return { done, count: lines.length, percent: (100 * done) / lines.length };
    }

    say(line, quantity) {
        return sayQuantity(quantity, line.unit);
    }

    isDifferent(line) {
        return line.picked && Math.abs(line.counted - line.announced) > 0.0005;
    }

    isTooWarm(line) {
        const limit = this.state.delivery.limits[line.storage];
        return (
            limit !== undefined &&
            line.temperature !== false &&
            line.temperature !== "" &&
            Number(line.temperature) > limit
        );
    }

    limitText(line) {
        return _t("at most %s °C", this.state.delivery.limits[line.storage]);
    }

    storageText(storage) {
        return storage === "frozen" ? _t("Frozen") : _t("Chilled");
    }

    add(line, sign) {
        const start = line.picked ? line.counted : sign > 0 ? 0 : line.announced;
        const step = line.is_weighed ? 0.1 : 1;
        this.save(line, {
            quantity: Math.max(Number((start + sign * step).toFixed(3)), 0),
            blocks: [],
        });
    }

    asAnnounced(line) {
        this.save(line, { quantity: line.announced, blocks: [] });
    }

    openPad(line) {
        if (this.state.delivery.done) {
            return;
        }
        this.state.pad = {
            title: line.product,
            hint: _t("Announced: %s", this.say(line, line.announced)),
            unit: line.unit,
            isWeighed: line.is_weighed,
            value: line.picked ? line.counted : line.announced,
            expected: Math.max(line.announced, line.ordered),
            onConfirm: (quantity) => {
                this.state.pad = null;
                this.save(line, { quantity, blocks: [] });
                // Others' counts may have come meanwhile, with lines made anew
                const { lines } = this.state.delivery;
                if (this.isDifferent(lines.find((row) => row.id === line.id))) {
                    this.state.openId = line.id;
                }
            },
            onCancel: () => {
                this.state.pad = null;
            },
        };
    }

    /** A wheel on the scale: their sum is what was delivered. */
    weighBlock(line) {
        this.state.pad = {
            title: line.product,
            hint: _t("Block no. %s", line.blocks.length + 1),
            unit: "kg",
            isWeighed: true,
            value: line.block_weight,
            expected: line.block_weight,
            onConfirm: (weight) => {
                this.state.pad = null;
                this.saveBlocks(line, [...line.blocks, weight]);
            },
            onCancel: () => {
                this.state.pad = null;
            },
        };
    }

    removeBlockLabel(weight) {
        return _t("Remove %s", this.say({ unit: "kg" }, weight));
    }

    saveBlocks(line, blocks) {
        const sum = blocks.reduce((total, weight) => total + weight, 0);
        this.save(line, { quantity: Number(sum.toFixed(3)), blocks });
        this.state.openId = line.id;
    }

    toggle(line) {
        this.state.openId = this.state.openId === line.id ? null : line.id;
    }

    chooseReason(line, reason) {
        this.save(line, {
            reason_id: line.reason_id === reason.id ? false : reason.id,
        });
    }

    readTemperature(line, text) {
        const temperature = Number(text.replace(",", "."));
        if (text.trim() && !Number.isNaN(temperature)) {
            this.save(line, { temperature });
        }
    }

    /** A photo small enough for a poor connection. */
    async takePhoto(line, ev) {
        const [file] = ev.target.files;
        if (!file) {
            return;
        }
        const image = await createImageBitmap(file);
        const scale = Math.min(1, PHOTO / Math.max(image.width, image.height));
        const canvas = document.createElement("canvas");
        canvas.width = image.width * scale;
        canvas.height = image.height * scale;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        this.save(line, { photo: canvas.toDataURL("image/jpeg", 0.7).split(",")[1] });
    }

    // ------------------------------------------------------------------
    // The phone's camera, or a scanner that types
    // ------------------------------------------------------------------

    async scanWithCamera() {
        this.onBarcode(await scanBarcode(this.env));
    }

    onKeydown(ev) {
        const delivery = this.state.delivery;
        if (!delivery || delivery.done || this.state.pad) {
            return;
        }
        const now = Date.now();
        if (now - this.scan.at > KEYSTROKE && ev.key !== "Enter") {
            this.scan.text = "";
        }
        this.scan.at = now;
        if (ev.key === "Enter" && this.scan.text.length >= 4) {
            this.onBarcode(this.scan.text);
            this.scan.text = "";
            ev.preventDefault();
        } else if (ev.key?.length === 1) {
            this.scan.text += ev.key;
        }
    }

    onBarcode(code) {
        const line = this.state.delivery.lines.find(
            (row) => row.barcode === code || row.code === code
        );
        if (line) {
            this.openPad(line);
        } else {
            this.notification.add(_t("%s is not in this delivery.", code), {
                type: "warning",
            });
        }
    }

    // ------------------------------------------------------------------
    // The whole delivery
    // ------------------------------------------------------------------

    async allGood() {
        await this.queue.flush();
        const lines = await this.orm.call("stock.picking", "coop_reception_all_good", [
            [this.state.delivery.id],
        ]);
        this.merge(this.state.delivery.id, lines);
    }

    async finish(partly) {
        this.state.busy = true;
        try {
            await this.queue.flush();
            this.state.delivery = await this.orm.call(
                "stock.picking",
                "coop_reception_finish",
                [[this.state.delivery.id], this.state.delivery.note, partly]
            );
            this.notification.add(
                this.state.delivery.disputed
                    ? _t("Received. A claim was drafted for what is wrong.")
                    : _t("Received: it is shared out to the members."),
                { type: "success" }
            );
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("actions").add("coop_logistics.reception", Reception);
