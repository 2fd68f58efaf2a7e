import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { essentialBins } from "../../src/recipe/catalog/essential-bins.ts";
import { findRows } from "../../src/recipe/catalog/find-rows.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { readSkillFolders } from "../../src/source/read-skill-folders.ts";
import { corpusDir } from "../support/corpus.ts";
import { emptyContext } from "./resolve-one.ts";

const corpus = corpusDir();
if (corpus === null)
  console.info("left out: resolving the corpus of real skills, which is not on this machine");

describe.runIf(corpus !== null && existsSync(corpus))("real skills", async () => {
  const { skills } = corpus === null ? { skills: [] } : await readSkillFolders([corpus]);
  const { resolutions, diagnostics } = resolveRequirements(skills, emptyContext);

  it("have one row for each command of each skill", () => {
    const wanted = skills.flatMap(({ dir, requires: { bins, anyBins } }) =>
      [...new Set([...bins, ...anyBins])].map((bin) => `${dir} ${bin}`),
    );
    expect(resolutions.map(({ dir, bin }) => `${dir} ${bin}`).sort()).toEqual(wanted.sort());
  });

  it("ask for no command that the catalog has not considered", () => {
    const bins = [...new Set(resolutions.map(({ bin }) => bin))];
    expect(bins.length).toBeGreaterThanOrEqual(107);
    expect(bins.filter((bin) => findRows(bin).length === 0 && !essentialBins.has(bin))).toEqual([]);
  });

  it("have a diagnostic with a place for each unresolved and proposed command", () => {
    const open = resolutions.filter(({ status }) => status === "unresolved" || status === "proposed");
    const reported = diagnostics.filter(
      ({ code }) => code === "RECIPE_UNRESOLVED" || code === "RECIPE_PROPOSED",
    );
    expect(reported).toHaveLength(open.length);
    for (const { place, hint } of reported) {
      expect(place?.line).toBeGreaterThan(0);
      expect(hint).not.toBe("");
    }
  });

  it.each([
    ["ffmpeg", "apt ffmpeg"],
    ["fd", "apt fd-find"],
    ["fzf", "apt fzf"],
    ["vdirsyncer", "apt vdirsyncer"],
    ["khal", "apt khal"],
    ["calcurse", "apt calcurse"],
    ["units", "apt units"],
    ["xvfb-run", "apt xvfb"],
    ["php", "apt php-cli"],
    ["mysql", "apt mariadb-client"],
    ["ssh", "apt openssh-client"],
    ["rclone", "apt rclone"],
    ["gh", "apt gh"],
    ["node", "node node"],
    ["npx", "node node"],
    ["mcporter", "npm mcporter"],
    ["bird", "npm @steipete/bird"],
    ["oracle", "npm @steipete/oracle"],
    ["clawhub", "npm clawhub"],
    ["sf", "npm @salesforce/cli"],
    ["gemini", "npm @google/gemini-cli"],
    ["bw", "npm @bitwarden/cli"],
    ["brv", "npm byterover-cli"],
    ["nano-pdf", "python nano-pdf"],
    ["cast", "npm @foundry-rs/cast-linux-amd64"],
    ["blu", "go github.com/steipete/blucli/cmd/blu"],
    ["wacli", "go github.com/openclaw/wacli/cmd/wacli"],
    ["rbw", "cargo rbw"],
    ["yt-dlp", "python yt-dlp"],
    ["uv", "python uv"],
  ])("%s comes from %s wherever it is resolved", (bin, expected) => {
    const recipes = resolutions
      .filter((row) => row.bin === bin && row.status === "resolved")
      .map(({ recipe }) => recipe);
    expect(recipes.length).toBeGreaterThan(0);
    for (const recipe of recipes) expect(`${recipe?.kind} ${recipe?.package}`).toBe(expected);
  });

  it.each([
    "peekaboo",
    "brew",
    "xcrun",
    "osascript",
    "mlx_whisper",
    "parakeet-mlx",
    "yfinance",
    "twurl",
    "winamp.exe",
    "powershell",
    "cargo",
    "railil",
    "telegram",
    "clippy",
    "starlink",
    "dokku",
  ])("%s is never resolved, and has a reason", (bin) => {
    const rows = resolutions.filter((row) => row.bin === bin);
    expect(rows.length).toBeGreaterThan(0);
    for (const { status, reason } of rows) {
      expect(["unresolved", "excluded"]).toContain(status);
      expect(reason.length).toBeGreaterThan(15);
    }
  });
});
