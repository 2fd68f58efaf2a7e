/**
 * What to do about skills whose text hides something, or asks to run a download (see `inspectText`): `warn` says so,
 * `deny` leaves them out besides.
 */
export const textPolicies = ["warn", "deny"] as const;
export type TextPolicy = (typeof textPolicies)[number];
