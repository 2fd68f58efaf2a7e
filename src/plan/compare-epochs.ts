/**
 * What requirements were resolved with, each state named by 16 hex digits. With another catalog the same skills may
 * get other packages; what is locked stays as it is.
 */
export interface ResolvedWith {
  /** Rows and pins. */
  readonly catalog: string;
  /** What is known of Debian's commands, modules and packages. */
  readonly debianIndex: string;
}

/** One state that is another now. */
export interface EpochDifference {
  readonly image: string;
  readonly what: keyof Epochs;
  readonly from: string;
  readonly to: string;
}

/** The states of a plan or a lock; of a plan it is not known what it was resolved with. */
export interface Epochs extends Partial<ResolvedWith> {
  /** Of the apt index: see `ImagePlan.aptEpoch`. */
  readonly aptEpoch: string;
}

/** States that both know and that differ. */
export function compareEpochs(
  image: string,
  before: Partial<Epochs>,
  after: Partial<Epochs>,
): EpochDifference[] {
  return (["aptEpoch", "catalog", "debianIndex"] as const).flatMap((what) => {
    const [from, to] = [before[what], after[what]];
    return from === undefined || to === undefined || from === to ? [] : [{ image, what, from, to }];
  });
}
