import { expect, test } from "vitest";
import { keptSettings } from "../../src/dockerfile/kept-settings.ts";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { planBuiltInImages } from "../../src/plan/plan-built-in-images.ts";
import { builtInInput, builtInPlans, planWishes } from "../plan/planning.ts";

const corp: NetworkSettings = {
  ...noNetworkSettings,
  aptMirror: "http://mirror.corp/debian",
  caPem: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
  httpProxy: "http://proxy.corp:3128",
};

function hashes(network: NetworkSettings): string[] {
  const kept = keptSettings(network);
  const skills = planWishes([{ name: "a", bins: { sh: null } }], kept).plan;
  return [...planBuiltInImages({ ...builtInInput, ...kept }).plans, ...(skills === null ? [] : [skills])].map(
    ({ hash }) => hash,
  );
}

test("settings that only reach build steps change no plan", () => {
  expect(keptSettings(corp)).toEqual({});
  expect(hashes(corp)).toEqual(hashes(noNetworkSettings));
  expect(hashes({ ...corp, caPem: null, keepCa: true })).toEqual(hashes(noNetworkSettings));
  expect(builtInPlans.some((plan) => "keeps" in plan)).toBe(false);
});

test("what stays in the image is part of every plan: whether, and which", () => {
  const variants = [
    corp,
    { ...corp, keepCa: true },
    { ...corp, keepCa: true, caPem: `${corp.caPem}\n` },
    { ...corp, keepMirror: true },
    { ...corp, keepMirror: true, aptMirror: "http://other.corp/debian" },
    { ...corp, keepCa: true, keepMirror: true },
  ].map(hashes);
  for (const image of variants[0]?.keys() ?? []) {
    expect(new Set(variants.map((found) => found[image])).size).toBe(variants.length);
  }
});

test("neither an address nor a certificate can be read in a plan", () => {
  const { keeps } = keptSettings({ ...corp, keepCa: true, keepMirror: true });
  expect(keeps).toMatch(/^[0-9a-f]{64}$/);
});
