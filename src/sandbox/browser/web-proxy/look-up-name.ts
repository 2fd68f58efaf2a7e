import { Resolver } from "node:dns/promises";
import { errnoOf } from "../../../host/file-problem.ts";

/**
 * The addresses of a name, in the order in which they are to be tried; empty where it has none. Throws the system's error
 * where nobody could be asked, and when the signal is aborted.
 */
export type LookUpName = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/**
 * Asks the name servers of this machine, or those that are named. Not getaddrinfo(3): its threads are few, are those in
 * which all file work of this process is done, and cannot be called back, so that a page with names that nobody answers
 * would hold up more than itself. What only `/etc/hosts` knows has no address here.
 */
export function createLookUp(servers?: readonly string[]): LookUpName {
  return async (name, signal) => {
    // RFC 6761 §6.3
    if (/(?:^|\.)localhost$/.test(name)) return ["127.0.0.1", "::1"];
    const resolver = new Resolver();
    if (servers !== undefined) resolver.setServers(servers);
    const stop = (): void => resolver.cancel();
    signal.addEventListener("abort", stop, { once: true });
    try {
      // Absolute: search domains are for people.
      return readAnswers(
        await Promise.allSettled([resolver.resolve6(`${name}.`), resolver.resolve4(`${name}.`)]),
      );
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}

/** Both families in turn (RFC 8305 §4), at most sixteen. */
function readAnswers(answers: readonly PromiseSettledResult<string[]>[]): readonly string[] {
  const failed = answers.find(
    (answer) => answer.status === "rejected" && !hasNone.has(errnoOf(answer.reason)),
  );
  const lists = answers.map((answer) => (answer.status === "fulfilled" ? answer.value.slice(0, 8) : []));
  if (failed?.status === "rejected" && lists.every(({ length }) => length === 0)) throw failed.reason;
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
}

const hasNone = new Set(["ENODATA", "ENOTFOUND"]);
