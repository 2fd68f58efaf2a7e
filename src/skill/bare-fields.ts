import type { SkillFields } from "./read-fields.ts";

/** The fields of a skill that says nothing of itself: every default, and the name for a key. */
export function bareFields(name: string): SkillFields {
  return {
    name,
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
  };
}
