import type { Skill } from "../../src/skill/skill.ts";

/** A skill that asks for nothing, but for what a test gives it. Key and file follow the name unless given. */
export function plainSkill(parts: Partial<Skill> = {}): Skill {
  const name = parts.name ?? "plain";
  const dir = parts.dir ?? `/skills/${name}`;
  return {
    name,
    dir,
    file: `${dir}/SKILL.md`,
    state: "ok",
    description: "",
    allowedTools: [],
    userInvocable: true,
    disableModelInvocation: false,
    namespace: null,
    always: false,
    os: [],
    skillKey: name,
    requires: { bins: [], anyBins: [], env: [], config: [] },
    install: [],
    extra: {},
    diagnostics: [],
    places: {},
    ...parts,
  };
}
