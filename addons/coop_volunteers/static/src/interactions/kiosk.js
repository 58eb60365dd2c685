import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { KioskQueue } from "@coop_volunteers/interactions/kiosk_queue";

const BACK_AFTER = 4000;
const ICONS = { green: "fa-check-circle", amber: "fa-clock-o", red: "fa-times-circle" };
const TONES = { green: [660, 880], amber: [520, 520], red: [300, 200] };
const MAX_DIGITS = 10;
// A name that somebody left on the page goes away by itself.
const FORGET_AFTER = 30000;

/** The tablet at the entrance: a number or a code in, one answer out. */
export class CoopKiosk extends Interaction {
    static selector = ".o_coop_kiosk";
    dynamicContent = {
        _document: { "t-on-keydown": this.onKey },
        _window: { "t-on-online": this.onOnline, "t-on-offline": this.onOffline },
        ".o_coop_kiosk_digit": { "t-on-click": this.onDigit },
        ".o_coop_kiosk_erase": { "t-on-click": this.onErase },
        ".o_coop_kiosk_ok": { "t-on-click": this.onOk },
        ".o_coop_kiosk_mode": { "t-on-click": this.onMode },
        ".o_coop_kiosk_result": { "t-on-click": this.showStart },
        ".o_coop_kiosk_camera button": { "t-on-click": this.onCamera },
        ".o_coop_kiosk_by_name": { "t-on-click": this.onByName },
        ".o_coop_kiosk_back": { "t-on-click": this.showStart },
        ".o_coop_kiosk_name": {
            "t-on-submit": this.onNameSubmit,
            "t-on-input": this.waitForName,
        },
    };

    setup() {
        this.number = "";
        this.scanned = "";
        this.mode = this.el.dataset.mode;
        this.queue = new KioskQueue(this.el.dataset.key, this.el.dataset.url, () =>
            this.showQueue()
        );
    }

    start() {
        this.showQueue();
        this.queue.flush();
        const hasDetector = "BarcodeDetector" in window && navigator.mediaDevices;
        this.find("camera")?.classList.toggle("d-none", !hasDetector);
        this.el.dataset.ready = "1";
    }

    destroy() {
        clearTimeout(this.backTimer);
        clearTimeout(this.nameTimer);
        this.queue.stop();
        this.stopCamera();
    }

    find(name) {
        return this.el.querySelector(`.o_coop_kiosk_${name}`);
    }

    get isBusy() {
        return Boolean(this.asking);
    }

    // ------------------------------------------------------------------
    // In
    // ------------------------------------------------------------------

    onDigit(ev) {
        this.type(ev.currentTarget.dataset.digit);
    }

    type(digit) {
        if (this.number.length < MAX_DIGITS && this.find("number")) {
            this.setNumber(this.number + digit);
        }
    }

    onErase() {
        this.setNumber(this.number.slice(0, -1));
    }

    setNumber(number) {
        this.number = number;
        const output = this.find("number");
        if (output) {
            output.textContent = number;
        }
    }

    onOk() {
        this.send(this.number);
    }

    /** A keyboard, or a scanner that types like one and ends with Enter. */
    onKey(ev) {
        const isTyping = ev.target.closest?.(".o_coop_kiosk_name");
        if (ev.ctrlKey || ev.altKey || ev.metaKey || isTyping) {
            return;
        }
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.send(this.scanned.length >= 12 ? this.scanned : this.number);
        } else if (ev.key === "Backspace") {
            this.onErase();
            this.scanned = "";
        } else if (/^[a-z]$/i.test(ev.key)) {
            this.scanned += ev.key.toUpperCase();
            clearTimeout(this.scanTimer);
            this.scanTimer = setTimeout(() => (this.scanned = ""), 3000);
        } else if (/^[0-9]$/.test(ev.key)) {
            if (!this.find("result").classList.contains("d-none")) {
                this.showStart();
            }
            this.type(ev.key);
        }
    }

    onByName() {
        this.find("start").classList.add("d-none");
        this.find("name").classList.remove("d-none");
        this.find("name").querySelector("input").focus();
        this.waitForName();
    }

    waitForName() {
        clearTimeout(this.nameTimer);
        this.nameTimer = setTimeout(() => this.showStart(), FORGET_AFTER);
    }

    onNameSubmit(ev) {
        ev.preventDefault();
        const form = ev.currentTarget;
        const [name, birthday] = [...form.querySelectorAll("input")];
        const empty = [name, birthday].find((input) => !input.value.trim());
        if (empty) {
            empty.focus();
            return;
        }
        const code = `@${name.value.replaceAll("@", " ")}@${birthday.value}`;
        return this.send(code);
    }

    hideName() {
        clearTimeout(this.nameTimer);
        const form = this.find("name");
        form?.reset();
        form?.classList.add("d-none");
    }

    onMode(ev) {
        this.mode = ev.currentTarget.dataset.mode;
        for (const button of this.el.querySelectorAll(".o_coop_kiosk_mode")) {
            button.classList.toggle("active", button === ev.currentTarget);
            button.setAttribute("aria-pressed", button === ev.currentTarget);
        }
    }

    async onCamera() {
        const video = this.find("camera").querySelector("video");
        try {
            this.stream = await navigator.mediaDevices.getUserMedia({
                video: { facingMode: "user" },
            });
        } catch {
            return;
        }
        video.srcObject = this.stream;
        video.classList.remove("d-none");
        await video.play();
        const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
        const look = async () => {
            if (!this.stream) {
                return;
            }
            const codes = await detector.detect(video).catch(() => []);
            if (codes.length && !this.isBusy) {
                await this.send(codes[0].rawValue);
            }
            setTimeout(look, 400);
        };
        look();
    }

    stopCamera() {
        for (const track of this.stream?.getTracks() || []) {
            track.stop();
        }
        this.stream = null;
    }

    // ------------------------------------------------------------------
    // Out
    // ------------------------------------------------------------------

    async send(code) {
        this.setNumber("");
        this.scanned = "";
        if (!code || this.isBusy) {
            return;
        }
        this.asking = true;
        try {
            if (this.mode === "shop") {
                await this.checkShop(code);
            } else {
                await this.badge(code);
            }
        } finally {
            this.asking = false;
        }
    }

    async badge(code) {
        const answer = await this.queue.badge(code);
        if (!this.el.isConnected) {
            return;
        }
        this.setOffline(!answer);
        this.showAnswer(answer || { color: "amber", message: this.text("kept") });
    }

    async checkShop(code) {
        let answer = null;
        try {
            answer = await this.queue.ask({ code, at: Date.now() }, "shop");
        } catch {
            this.setOffline(true);
        }
        this.showAnswer(answer || { color: "red", message: this.text("offline") });
    }

    text(name) {
        return this.find(`text_${name}`).textContent;
    }

    showAnswer(answer) {
        this.hideName();
        if (answer.result === "revoked") {
            answer = { color: "red", message: this.text("revoked") };
        }
        const result = this.find("result");
        result.dataset.color = answer.color;
        this.find("icon").className = `fa o_coop_kiosk_icon ${ICONS[answer.color]}`;
        this.find("initials").textContent = answer.initials || "";
        this.find("message").textContent = answer.message || "";
        this.find("detail").textContent = answer.step || answer.shift || "";
        this.find("start").classList.add("d-none");
        result.classList.remove("d-none");
        result.focus();
        this.play(TONES[answer.color]);
        clearTimeout(this.backTimer);
        this.backTimer = setTimeout(() => this.showStart(), BACK_AFTER);
    }

    showStart() {
        clearTimeout(this.backTimer);
        this.hideName();
        this.find("result").classList.add("d-none");
        this.find("start").classList.remove("d-none");
        // Nothing of the last one stays on the page.
        this.find("initials").textContent = "";
        this.find("message").textContent = "";
        this.find("detail").textContent = "";
        const first = this.el.querySelector(".o_coop_kiosk_mode");
        if (first && this.mode !== "badge") {
            first.click();
        }
    }

    play(tones) {
        try {
            this.audio = this.audio || new AudioContext();
            tones.forEach((frequency, index) => {
                const start = this.audio.currentTime + index * 0.18;
                const oscillator = this.audio.createOscillator();
                const volume = this.audio.createGain();
                volume.gain.value = 0.2;
                oscillator.frequency.value = frequency;
                oscillator.connect(volume).connect(this.audio.destination);
                oscillator.start(start);
                oscillator.stop(start + 0.15);
            });
        } catch {
            // No sound: the colour, the icon and the words say it.
        }
    }

    // ------------------------------------------------------------------
    // Network
    // ------------------------------------------------------------------

    onOnline() {
        this.setOffline(false);
        this.queue.flush();
    }

    onOffline() {
        this.setOffline(true);
    }

    setOffline(isOffline) {
        this.isOffline = isOffline;
        this.showQueue();
    }

    showQueue() {
        const count = this.queue ? this.queue.badges.length : 0;
        if (!count && !this.asking && navigator.onLine) {
            this.isOffline = false;
        }
        // What is being asked right now is not "kept for later".
        const isKept = this.isOffline || (count > 0 && !this.asking);
        this.find("queued").textContent = count;
        this.find("offline").classList.toggle("d-none", !isKept);
    }
}

registry.category("public.interactions").add("coop_volunteers.kiosk", CoopKiosk);
