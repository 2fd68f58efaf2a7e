import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { measureInTurns } from "./measure.mjs";

const calls = 2000;

/** `sandboxEnvironment` for one exec of a scope with 50 skills, against a copy of `process.env`; and the plan it stands on. */
export async function benchEnvironment({ root, report }) {
  const { planSecrets, sandboxEnvironment } = await import(pathToFileURL(join(root, "dist/index.js")).href);
  const names = Array.from({ length: 50 }, (_, index) => `SKILL_${index}_API_KEY`);
  const skills = names.map((name, index) => ({
    name: `skill-${index}`,
    skillKey: `skill-${index}`,
    primaryEnv: name,
    requires: { env: [name, "SHARED_TOKEN"] },
  }));
  const entries = Object.fromEntries(skills.map(({ skillKey }) => [skillKey, { apiKey: "x".repeat(60) }]));
  const request = {
    skills,
    stored: new Map(names.slice(0, 25).map((name) => [name, "y".repeat(60)])),
    config: { skills: { entries } },
    rules: skills.map(({ name }) => ({ name: "ALLOWED_TOKEN", skill: name, allow: true })),
  };
  const home = Object.fromEntries(
    names.slice(0, 20).map((name) => [`HOME_${name}`, `/workspace/home/${name}`]),
  );
  const dockerEnv = Object.fromEntries(names.slice(0, 20).map((name) => [`SET_${name}`, "/run/secrets/x"]));
  const secrets = planSecrets(request);
  const repeat = (call) => () => {
    for (let index = 0; index < calls; index += 1) call();
  };
  const medians = await measureInTurns(
    {
      copy: repeat(() => ({ ...process.env })),
      environment: repeat(() => sandboxEnvironment({ home, dockerEnv, secrets })),
      plan: repeat(() => planSecrets(request)),
    },
    { rounds: 7 },
  );
  const perCallMs = (seconds) => (seconds * 1000) / calls;
  const baseline = perCallMs(medians.copy);
  report(
    "sandboxEnvironment / copy of process.env (ms a call)",
    perCallMs(medians.environment),
    baseline,
    "under 0.2 ms",
  );
  report("planSecrets of 50 skills / copy of process.env (ms a call)", perCallMs(medians.plan), baseline);
}
