import { lstatSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { type ImportedItem, importsPath, type PreparedImport } from "./home-import.ts";
import { type ImportPlace, importMount, readHostFile } from "./import-place.ts";

/** OpenSSH reads it for every user, beside `~/.ssh/known_hosts`. */
const knownHostsPath = "/etc/ssh/ssh_known_hosts";

/**
 * The host's ssh-agent, which signs with keys that it never gives away, and the host keys that are known. The socket
 * itself is mounted and not its folder, in which other things may lie: an agent that is started anew is seen by the next
 * container. Keys are never copied.
 */
export function importSshAgent({ source, sandboxUid, dir, write }: ImportPlace): PreparedImport {
  const knownHosts = join(source.homeDir, ".ssh", "known_hosts");
  const text = readHostFile(knownHosts) ?? "";
  write(new Map([["known_hosts", text]]));
  const socket = `${importsPath}/ssh-agent.sock`;
  const why = whyNot(source.sshAuthSock, sandboxUid);
  const usable = why === null ? source.sshAuthSock : null;
  const items: ImportedItem[] = [
    ...(usable === null
      ? []
      : [{ what: "socket of ssh-agent", from: usable, to: socket, how: "socket" } as const]),
    ...(text === ""
      ? []
      : [{ what: "known host keys", from: knownHosts, to: knownHostsPath, how: "copy" } as const]),
  ];
  return {
    import: { name: "ssh-agent", items, leftOut: [] },
    mounts: [
      // An empty file would hide the image's own.
      ...(text === "" ? [] : [importMount(join(dir, "known_hosts"), knownHostsPath)]),
      ...(usable === null ? [] : [importMount(usable, socket)]),
    ],
    environment: usable === null ? {} : { SSH_AUTH_SOCK: socket },
    diagnostics:
      why === null
        ? []
        : [
            {
              code: "HOME_IMPORT_MISSING",
              severity: "warning",
              message: `The import "ssh-agent" gives no keys: ${why}.`,
              hint: "Start the gateway as the agent's user, with SSH_AUTH_SOCK in its environment.",
            },
          ],
  };
}

function whyNot(socket: string | null, sandboxUid: number): string | null {
  if (socket === null || socket === "") return "no agent is named";
  if (!isAbsolute(socket)) return `its socket ${quoteValue(socket)} is not absolute`;
  let stats: ReturnType<typeof lstatSync>;
  try {
    stats = lstatSync(socket);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return `its socket ${quoteValue(socket)} is not there`;
  }
  if (!stats.isSocket()) return `${quoteValue(socket)} is no socket`;
  // An agent answers its own user only, as unix(7) tells it who connects.
  return stats.uid === sandboxUid
    ? null
    : `it belongs to uid ${stats.uid} and answers nobody else, and the sandbox runs as uid ${sandboxUid}`;
}
