import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { SkillcrateError } from "../../../src/diagnostic/skillcrate-error.ts";
import { type GatewayLinkRequest, linkGateway } from "../../../src/sandbox/gateway/link-gateway.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const url = "ws://host.docker.internal:18789";
const token = "t0ken-of-the-gateway";
let dir: string;

beforeEach(() => {
  dir = tempFolder();
});

const link = (more: Partial<GatewayLinkRequest> = {}) =>
  linkGateway({ home: { dir, path: "/workspace/home" }, owner: null, url, token, ...more });

function errorOf(run: () => unknown): SkillcrateError {
  try {
    run();
  } catch (error) {
    if (error instanceof SkillcrateError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("linkGateway", () => {
  it("writes what a client in remote mode reads, for its owner alone, and nothing else", () => {
    expect(link()).toEqual({
      configPath: "/workspace/home/.openclaw/openclaw.json",
      stateDir: "/workspace/home/.openclaw",
      url,
    });
    const file = join(dir, ".openclaw/openclaw.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      gateway: { mode: "remote", remote: { url, token } },
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, ".openclaw")).mode & 0o777).toBe(0o700);
  });

  it("leaves a configuration that is there unless it is told to replace it", () => {
    link();
    expect(errorOf(() => link({ token: "another" })).code).toBe("GATEWAY_LINK_EXISTS");
    expect(readFileSync(join(dir, ".openclaw/openclaw.json"), "utf8")).toContain(token);
    link({ token: "another", replace: true });
    expect(readFileSync(join(dir, ".openclaw/openclaw.json"), "utf8")).toContain("another");
  });

  it("follows no link that a sandbox has planted", () => {
    const elsewhere = tempFolder();
    symlinkSync(elsewhere, join(dir, ".openclaw"));
    expect(errorOf(() => link()).code).toBe("STATE_FAILED");
    expect(() => statSync(join(elsewhere, "openclaw.json"))).toThrow();
  });

  it("replaces a planted link to a file, and not what it leads to", () => {
    const victim = join(tempFolder(), "victim");
    writeFileSync(victim, "mine");
    mkdirSync(join(dir, ".openclaw"));
    symlinkSync(victim, join(dir, ".openclaw/openclaw.json"));
    link({ replace: true });
    expect(readFileSync(victim, "utf8")).toBe("mine");
  });

  it.each([
    "ws://localhost:18789",
    "ws://127.0.0.1:18789",
    "http://host.docker.internal:18789",
    "host.docker.internal",
    "ws://user:hunter2secret@host:1",
    "ws://host:1/?token=hunter2secret",
  ])("refuses %s, and shows no secret of it", (address) => {
    const error = errorOf(() => link({ url: address }));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).not.toContain("hunter2secret");
  });
});
