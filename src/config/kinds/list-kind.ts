import { faultsOf, type Kind, refused, taken, unexpected } from "./kind.ts";

/** Of a list, and of a map of names. */
export const longestList = 200;

/** A list, each item of one kind; all items that are not taken are told. */
export function listKind<T>(expected: string, item: Kind<T>): Kind<readonly T[]> {
  return {
    expected,
    schema: { type: "array", items: item.schema, maxItems: longestList },
    isPrivate: item.isPrivate,
    read(written) {
      if (!Array.isArray(written)) return unexpected(expected);
      if (written.length > longestList) {
        return refused(
          "CONFIG_VALUE_INVALID",
          "the list is too long",
          `Write at most ${longestList} entries.`,
        );
      }
      const read = written.map((part) => item.read(part));
      const faults = read.flatMap((part, index) => faultsOf(part, [index]));
      return faults.length > 0
        ? { ok: false, faults }
        : taken(read.flatMap((part) => (part.ok ? [part.value] : [])));
    },
    print: (values) => values.map((value) => item.print(value)),
  };
}
