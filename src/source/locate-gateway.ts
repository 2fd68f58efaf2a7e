import { statSync } from "node:fs";
import { join } from "node:path";
import { resolveUserPath } from "../config/resolve-user-path.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { toFileProblem } from "../host/file-problem.ts";

/** Names that the reference gateway has had, the present one first. */
export const gatewayProducts = ["openclaw", "moltbot", "clawdbot"] as const;
export type GatewayProduct = (typeof gatewayProducts)[number];

export interface GatewayLocation {
  readonly product: GatewayProduct;
  /** Whether its state folder is there; if not, the other fields are what a new gateway would use. */
  readonly found: boolean;
  readonly stateDir: string;
  readonly configPath: string;
  /** What its images' names begin with: `openclaw-`, `moltbot-` or `clawdbot-`. */
  readonly tagPrefix: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the gateway of a user: `OPENCLAW_STATE_DIR` (or its older names), else `~/.openclaw`, else an older state
 * folder where only that exists. The configuration is `OPENCLAW_CONFIG_PATH`, else the JSON5 file in the state folder.
 */
export function locateGateway(
  env: Readonly<Record<string, string | undefined>>,
  homeDir: string,
): GatewayLocation {
  const diagnostics: Diagnostic[] = [];
  const named = pathFromEnv("STATE_DIR", env, homeDir, diagnostics);
  const state = named ?? stateInHome(homeDir);
  const config = pathFromEnv("CONFIG_PATH", env, homeDir, diagnostics);
  return {
    product: state.product,
    found: isFolder(state.path),
    stateDir: state.path,
    configPath: config?.path ?? configInState(state.path),
    tagPrefix: `${state.product}-`,
    diagnostics,
  };
}

interface ProductPath {
  readonly product: GatewayProduct;
  readonly path: string;
}

/** The first of `OPENCLAW_<name>`, `MOLTBOT_<name>`, `CLAWDBOT_<name>` that is set to a usable path. */
function pathFromEnv(
  name: "STATE_DIR" | "CONFIG_PATH",
  env: Readonly<Record<string, string | undefined>>,
  homeDir: string,
  diagnostics: Diagnostic[],
): ProductPath | null {
  for (const product of gatewayProducts) {
    const variable = `${product.toUpperCase()}_${name}`;
    const written = env[variable]?.trim() ?? "";
    if (written === "") continue;
    const path = resolveUserPath(written, homeDir);
    if (path !== null) return { product, path };
    diagnostics.push({
      code: "GATEWAY_PATH_RELATIVE",
      severity: "warning",
      message: `${variable} is ${quoteValue(written)}; it depends on the current folder and is not used.`,
      hint: `Set ${variable} to an absolute path.`,
    });
  }
  return null;
}

function stateInHome(homeDir: string): ProductPath {
  const candidates = gatewayProducts.map((product) => ({ product, path: join(homeDir, `.${product}`) }));
  const present: ProductPath = { product: "openclaw", path: join(homeDir, ".openclaw") };
  return candidates.find(({ path }) => isFolder(path)) ?? present;
}

function configInState(stateDir: string): string {
  const candidates = gatewayProducts.map((product) => join(stateDir, `${product}.json`));
  return candidates.find((path) => typeAt(path) === "other") ?? join(stateDir, "openclaw.json");
}

function isFolder(path: string): boolean {
  return typeAt(path) === "folder";
}

/** Null where nothing is, or nothing that this user may see. */
function typeAt(path: string): "folder" | "other" | null {
  try {
    return statSync(path).isDirectory() ? "folder" : "other";
  } catch (error) {
    toFileProblem(error);
    return null;
  }
}
