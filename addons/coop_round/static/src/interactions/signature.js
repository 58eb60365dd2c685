import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** A signature drawn with the finger; the form goes without it where none is drawn. */
export class CoopSignature extends Interaction {
    static selector = ".o_coop_signature";
    dynamicContent = {
        canvas: {
            "t-on-pointerdown": this.onDown,
            "t-on-pointermove": this.onMove,
            "t-on-pointerup": this.onUp,
            "t-on-pointercancel": this.onUp,
        },
        ".o_coop_clear": { "t-on-click": this.onClear },
    };

    setup() {
        this.canvas = this.el.querySelector("canvas");
        this.input = this.el.querySelector("input[name='signature']");
        this.pen = this.canvas.getContext("2d");
        this.pen.lineWidth = 2;
        this.pen.lineCap = "round";
        this.drawing = false;
    }

    place(ev) {
        const box = this.canvas.getBoundingClientRect();
        return [
            ((ev.clientX - box.left) * this.canvas.width) / box.width,
            ((ev.clientY - box.top) * this.canvas.height) / box.height,
        ];
    }

    onDown(ev) {
        this.drawing = true;
        this.canvas.setPointerCapture(ev.pointerId);
        this.pen.beginPath();
        this.pen.moveTo(...this.place(ev));
        ev.preventDefault();
    }

    onMove(ev) {
        if (this.drawing) {
            this.pen.lineTo(...this.place(ev));
            this.pen.stroke();
        }
    }

    onUp() {
        if (this.drawing) {
            this.drawing = false;
            this.input.value = this.canvas.toDataURL("image/png");
        }
    }

    onClear() {
        this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
        this.input.value = "";
    }
}

registry.category("public.interactions").add("coop_round.signature", CoopSignature);
