import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { partLockOf } from "../plan/part-lock-of.ts";
import type { Rendering } from "./build-context.ts";
import type { NetworkSettings } from "./network-settings.ts";
import { aptNeedsCa } from "./render-packages.ts";

/** Settings that would be misread where they are written, or that this rendering cannot keep out of the image. */
export function checkNetwork(network: NetworkSettings, plan: ImagePlan, rendering: Rendering): Diagnostic[] {
  const layers = plan.layers.filter((layer) => layer.kind === "packages");
  const problems = [...misread(network), ...withoutHost(network, plan)];
  if (rendering === "buildkit" || layers.length === 0) return problems;
  const locked = layers.some(({ id }) => partLockOf(plan, id, "debian") !== null);
  return [...problems, ...stayingBehind(network, locked)];
}

/** Of files on the index's own host a lock knows the path alone. */
function withoutHost({ pythonIndex }: NetworkSettings, plan: ImagePlan): Diagnostic[] {
  if (pythonIndex !== null) return [];
  const wheels = plan.stages.flatMap(({ id }) => partLockOf(plan, id, "python")?.packages ?? []);
  const homeless = wheels.find(({ url }) => url.startsWith("/"));
  if (homeless === undefined) return [];
  return [
    {
      code: "RENDER_INDEX_MISSING",
      severity: "error",
      message: `The lock has ${quoteValue(homeless.name)} from a Python index of its own, and none is configured here.`,
      hint: "Name the index that it was locked with (--python-index URL), or lock again with the one in use: skillcrate lock",
    },
  ];
}

// No white space, quotes, backslashes or `$`: the strictest of sed, npm's ini files and pip's.
const plainUrl = /^https?:\/\/[!#%&()*+,\-./0-9:;=?@A-Z[\]_a-z~]+$/;
/** Build scripts of crates can read it. */
const urlWithoutPassword = /^https?:\/\/[!#%&()*+,\-./0-9:;=?A-Z[\]_a-z~]+$/;
// A name, the key that it signs with, and an address.
const sumDb = /^[A-Za-z0-9.-]+(?:\+[A-Za-z0-9+/=]+)*(?: https:\/\/[!#%&()*+,\-./0-9:;=?@A-Z[\]_a-z~]+)?$/;
const plainProxy = /^[!%&()*+,\-./0-9:;=?@A-Z[\]_a-z~]+$/;

function misread(network: NetworkSettings): Diagnostic[] {
  const checks: readonly (readonly [string, string | null, RegExp])[] = [
    ["apt mirror", network.aptMirror, plainUrl],
    ["archive of Debian snapshots", network.snapshot, plainUrl],
    ["npm registry", network.npmRegistry, plainUrl],
    ["Python index", network.pythonIndex, plainUrl],
    ["module proxy", network.goProxy, plainUrl],
    ["crate registry", network.cargoRegistry, urlWithoutPassword],
    ["checksum database", network.goSumDb, sumDb],
    ["HTTP proxy", network.httpProxy, plainProxy],
    ["HTTPS proxy", network.httpsProxy, plainProxy],
    ["list of hosts without a proxy", network.noProxy, plainProxy],
  ];
  return checks
    .filter(
      ([, value, pattern]) =>
        value !== null && !(pattern.test(value) && (!value.startsWith("http") || URL.canParse(value))),
    )
    .map(([setting]) => ({
      code: "RENDER_NETWORK_REFUSED",
      severity: "error",
      // The value may hold a password.
      message: `The ${setting} has characters that the files of its client would misread.`,
      hint: "Write it as one plain URL, with other characters percent-encoded.",
    }));
}

function stayingBehind(network: NetworkSettings, locked: boolean): Diagnostic[] {
  const kept = (message: string, hint: string): Diagnostic => ({
    code: "RENDER_NETWORK_KEPT",
    severity: "error",
    message: `${message} Without BuildKit's mounts it would stay in the image.`,
    hint,
  });
  return [
    ...(network.aptMirror !== null && !network.keepMirror
      ? [
          kept(
            "The finished image's own packages come through the apt mirror.",
            "Say that it may stay (--keep-mirror), or build with BuildKit.",
          ),
        ]
      : []),
    ...(aptNeedsCa({ network }) && !network.keepCa
      ? [
          kept(
            "The apt mirror is reached over TLS with the extra CA certificates.",
            "Say that they may stay (--keep-ca), or build with BuildKit.",
          ),
        ]
      : []),
    ...(network.snapshot !== null && locked
      ? [
          kept(
            "Locked packages of the finished image may have to come from the archive of Debian snapshots.",
            "Build with BuildKit, or name no such archive: packages that have left the mirror are then told by name.",
          ),
        ]
      : []),
  ];
}
