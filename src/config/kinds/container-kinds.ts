import { isImageReference } from "../../plan/image-reference.ts";
import type { GpuSetting, UserSetting } from "../sandbox-config.ts";
import { engineNamePattern } from "./address-kinds.ts";
import { capabilityNames } from "./capability-names.ts";
import { type Kind, printAsIs, refused, taken, unexpected } from "./kind.ts";
import { patternKind, textKind } from "./plain-kinds.ts";

export const imageKind = textKind("an image's name, as in openclaw-sandbox:bookworm-slim", isImageReference, {
  maxLength: 255,
});

export const containerPrefixKind = patternKind(
  "what containers' names begin with: letters, digits, and _ . - inside, at most 63",
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
);

/** What a network of another container begins with. */
export const containerNetworkPrefix = "container:";

const networkExpected = '"none", "bridge", or the name of a network';

/** `host` is never taken; `container:NAME` is a form of its own, which has to be allowed by name. */
export const networkKind: Kind<string> = {
  expected: networkExpected,
  schema: { type: "string", pattern: "^(?!\\s*[Hh][Oo][Ss][Tt]\\s*$)." },
  isPrivate: false,
  read(written) {
    if (typeof written !== "string") return unexpected(networkExpected);
    const name = written.trim();
    const known = ["none", "bridge", "default", "host"].find((word) => word === name.toLowerCase());
    if (known === "host") {
      return refused(
        "CONFIG_NETWORK_REFUSED",
        "the sandbox would have the host's own network, with everything that listens on its loopback interface",
        'Write "bridge"; to reach the host, docker.extraHosts: ["host.docker.internal:host-gateway"].',
      );
    }
    if (known !== undefined) return taken(known);
    if (name.toLowerCase().startsWith(containerNetworkPrefix)) {
      const container = name.slice(containerNetworkPrefix.length);
      return engineNamePattern.test(container)
        ? taken(`${containerNetworkPrefix}${container}`)
        : unexpected(networkExpected);
    }
    return engineNamePattern.test(written) ? taken(written) : unexpected(networkExpected);
  },
  print: printAsIs,
};

const userExpected = 'numbers of a user and a group, as in "1000:1000"';
/** The highest one stands for nobody's (chown(2)). */
const mostUserId = 2 ** 32 - 2;

/** Numbers only: what a name means is up to the image. */
export const userKind: Kind<UserSetting | null> = {
  expected: userExpected,
  schema: { type: "string", pattern: "^0*[1-9][0-9]{0,9}(?::0*[1-9][0-9]{0,9})?$" },
  isPrivate: false,
  read(written) {
    if (typeof written !== "string" && typeof written !== "number") return unexpected(userExpected);
    const text = String(written).trim();
    const match = /^([0-9]{1,12})(?::([0-9]{1,12}))?$/.exec(text);
    if (match === null) {
      if (!/^[A-Za-z_][\w.-]*\$?(?::[\w.-]+\$?)?$|^[0-9]{1,12}:[A-Za-z_][\w.-]*$/.test(text))
        return unexpected(userExpected);
      return refused(
        "CONFIG_USER_ROOT",
        "which user a name means is up to the image, and may be root",
        `Write ${userExpected}, or leave it out: the owner of the workspace.`,
      );
    }
    const uid = Number(match[1]);
    const gid = match[2] === undefined ? null : Number(match[2]);
    if (uid === 0 || gid === 0) {
      return refused(
        "CONFIG_USER_ROOT",
        "0 is root, and what root writes into a mounted folder is root's on the host too",
        `Write ${userExpected}, or leave it out: the owner of the workspace. What needs root belongs into the image.`,
      );
    }
    return uid <= mostUserId && (gid ?? 0) <= mostUserId ? taken({ uid, gid }) : unexpected(userExpected);
  },
  print: (user) => (user === null ? null : `${user.uid}:${user.gid ?? user.uid}`),
};

/** `ALL`, or a capability of Linux, with or without `CAP_`. */
export const capabilityKind: Kind<string> = {
  expected: 'capabilities of Linux, as in "ALL" or "NET_RAW"',
  schema: { type: "string", pattern: "^(?:[Cc][Aa][Pp]_)?[A-Za-z_]+$" },
  isPrivate: false,
  read(written) {
    const name = typeof written === "string" ? written.toUpperCase().replace(/^CAP_/, "") : "";
    return name === "ALL" || capabilityNames.has(name) ? taken(name) : unexpected(capabilityKind.expected);
  },
  print: printAsIs,
};

const gpusExpected = 'GPUs: "all", a number as in "1", or "device=0,1"';

export const gpusKind: Kind<GpuSetting | null> = {
  expected: gpusExpected,
  schema: { type: "string", pattern: "^(?:all|[1-9][0-9]?|device=[A-Za-z0-9_,-]+)$" },
  isPrivate: false,
  read(written) {
    if (written === "all") return taken({ count: "all" });
    const text = typeof written === "string" ? written : "";
    if (/^[1-9][0-9]?$/.test(text)) return taken({ count: Number(text) });
    const devices = /^device=([A-Za-z0-9_-]+(?:,[A-Za-z0-9_-]+)*)$/.exec(text)?.[1];
    return devices === undefined ? unexpected(gpusExpected) : taken({ deviceIds: devices.split(",") });
  },
  print(gpus) {
    if (gpus === null) return null;
    return "count" in gpus ? String(gpus.count) : `device=${gpus.deviceIds.join(",")}`;
  },
};

/** In any of the forms in which engines take it. */
function isUnconfined(written: unknown): boolean {
  return (
    typeof written === "string" && /^(?:(?:seccomp|apparmor)\s*[=:]\s*)?unconfined$/i.test(written.trim())
  );
}

/** A kind of profiles that is never `unconfined`. */
export function profileKind(kind: Kind<string>): Kind<string> {
  return {
    ...kind,
    schema: {
      ...kind.schema,
      pattern: `^(?![Uu][Nn][Cc][Oo][Nn][Ff][Ii][Nn][Ee][Dd]$)${String(kind.schema["pattern"])}`,
    },
    read: (written) =>
      isUnconfined(written)
        ? refused(
            "CONFIG_PROFILE_UNCONFINED",
            "nothing would stand between the sandbox and the whole of the kernel",
            "Leave it out: the built-in profile applies.",
          )
        : kind.read(written),
  };
}

const scriptExpected = "a command of a shell, or a list of them";
const longestScript = 100_000;

/** One script of a shell; the lines of a list are joined. Private: commands hold passwords. */
export const scriptKind: Kind<string | null> = {
  expected: scriptExpected,
  schema: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
  isPrivate: true,
  read(written) {
    const lines: readonly unknown[] = Array.isArray(written) ? written : [written];
    if (!lines.every((line) => typeof line === "string")) return unexpected(scriptExpected);
    const script = lines.join("\n");
    if (script.includes("\0") || script.length > longestScript) return unexpected(scriptExpected);
    return taken(script.trim() === "" ? null : script);
  },
  print: printAsIs,
};

/** The value of an environment variable. Private, since many are secrets. */
export const environmentValueKind: Kind<string> = {
  expected: "a text in quotes",
  schema: { type: "string" },
  isPrivate: true,
  read: (written) =>
    typeof written === "string" && !written.includes("\0") && written.length < longestScript
      ? taken(written)
      : unexpected(environmentValueKind.expected),
  print: printAsIs,
};
