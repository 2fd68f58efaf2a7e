/** How text for people is dressed: colours where they are wanted, and the width that tables may take. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  /** Columns of the terminal; null: no limit (a file or a pipe). */
  readonly columns: number | null;
}

type Paint = (text: string) => string;

/** What decides about colours and width: a stream and the environment. */
export interface StyleSource {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Colours follow the customs of terminals: `NO_COLOR` (any value but empty) and `TERM=dumb` turn them off,
 * `FORCE_COLOR` (but `0`) turns them on, else a terminal has them and a pipe does not.
 */
export function createStyle(stream: StyleSource, env: Readonly<Record<string, string | undefined>>): Style {
  const colors = wantsColors(stream, env);
  const paint =
    (code: number, end: number): Paint =>
    (text) =>
      colors && text !== "" ? `\u001b[${code}m${text}\u001b[${end}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
    columns: stream.isTTY === true ? Math.max(stream.columns ?? 80, 40) : null,
  };
}

function wantsColors(stream: StyleSource, env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
