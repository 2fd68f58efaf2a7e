import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findMovedFolders, noteMountedFolders } from "../../../src/sandbox/container/mounted-folders.ts";
import { containerFindings } from "../../../src/sandbox/explain/container-findings.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const origin = { file: null, key: "docker.image", line: null, column: null, rule: "reference" } as const;

test("folders that were removed or replaced since a container started are found, and files and other containers are not", () => {
  const dir = tempFolder();
  const mounts = ["home", "workspace", "skills", "passwd"].map((name) => ({
    source: join(dir, name),
    target: `/${name}`,
  }));
  for (const { source } of mounts.slice(0, 3)) mkdirSync(source);
  writeFileSync(join(dir, "passwd"), "before");
  expect(findMovedFolders(dir, "one", mounts)).toBeNull();
  noteMountedFolders(dir, "one", mounts);
  expect(findMovedFolders(dir, "one", mounts)).toEqual([]);
  for (const { source } of mounts.slice(1)) renameSync(source, `${source}-gone`);
  mkdirSync(join(dir, "workspace"));
  writeFileSync(join(dir, "passwd"), "after");
  expect(findMovedFolders(dir, "one", mounts)).toEqual(["/workspace", "/skills"]);
  expect(findMovedFolders(dir, "another", mounts)).toBeNull();
  writeFileSync(join(dir, "container-folders.json"), '{"containerId":"one","fold');
  expect(findMovedFolders(dir, "one", mounts)).toBeNull();
  noteMountedFolders(join(dir, "no", "records"), "one", mounts);
});

test("they are told with the command that makes the container anew, and a missing image with the one that builds it", () => {
  const scope = { kind: "session", key: "agent:main:$(id)" } as const;
  const found = (reference: string) =>
    containerFindings(
      {
        what: "sandbox",
        image: { reference, origin, id: null },
        container: null,
        moved: ["/workspace/home"],
      },
      { scope },
    ).map(({ code, hint }) => `${code}: ${hint}`);
  expect(found("clawdbot-sandbox:bookworm-slim")).toEqual([
    "EXPLAIN_IMAGE_MISSING: Build it: skillcrate setup --only base --tag-prefix clawdbot. No other image takes its place.",
    "EXPLAIN_DIFFERENCE: It is made anew when nobody uses it; at once: skillcrate sandbox recreate --session 'agent:main:$(id)'",
  ]);
  expect(found("openclaw-sandbox-skills:mine")[0]).toContain("skillcrate build PATHS... --name mine.");
  expect(found("debian:$(id)")[0]).toContain("docker pull 'debian:$(id)'.");
});
