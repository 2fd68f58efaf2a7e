#!/usr/bin/env node
// Writes data/seccomp/sandbox.json and browser.json from the table in scripts/seccomp/syscall-decisions.mjs. Run it from
// the project's folder after an edit of the table:
//
//   node scripts/make-seccomp-profile.mjs                       # writes the profiles
//   node scripts/make-seccomp-profile.mjs --undecided HEADER    # names of a kernel header that the table lacks
//
// The header is asm/unistd_64.h of amd64, in Debian's linux-libc-dev: arm64 has no call that amd64 lacks.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { decidedNames, makeProfiles } from "./seccomp/make-profiles.mjs";

const [option, header] = process.argv.slice(2);

if (option === "--undecided" && header !== undefined) {
  const decided = new Set(decidedNames());
  const names = [...readFileSync(header, "utf8").matchAll(/^#define __NR_(\w+) /gm)].map(([, name]) => name);
  const undecided = names.filter((name) => !decided.has(name));
  for (const name of undecided) console.log(name);
  process.exitCode = undecided.length > 0 ? 1 : 0;
} else if (option === undefined) {
  mkdirSync("data/seccomp", { recursive: true });
  for (const [file, profile] of Object.entries(makeProfiles())) {
    writeFileSync(`data/seccomp/${file}`, `${JSON.stringify(profile, null, 2)}\n`);
  }
  execFileSync("npx", ["biome", "check", "--write", "data/seccomp"]);
} else {
  console.error("Usage: node scripts/make-seccomp-profile.mjs [--undecided HEADER]");
  process.exitCode = 2;
}
