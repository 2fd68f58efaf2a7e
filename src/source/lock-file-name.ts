/** Beside the overlay. */
export const lockFileName = "skillcrate.lock";
