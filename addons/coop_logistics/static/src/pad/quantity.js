import { formatFloat } from "@web/core/utils/numbers";

/** "1,15 kg", in the reader's notation, without useless zeros. */
export function sayQuantity(quantity, unit = "") {
    return `${formatFloat(quantity, { digits: [16, 3], trailingZeros: false })} ${unit}`.trim();
}
