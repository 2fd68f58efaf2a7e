import { createStyle } from "../../src/report/style.ts";

/** Text without colours and without a width, as a pipe gets it. */
export const plainStyle = createStyle({ isTTY: false }, {});
