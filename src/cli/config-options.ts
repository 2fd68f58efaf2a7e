import { text } from "./option.ts";

export const configCheckOptions = {};

export const configShowOptions = {
  agent: text("--agent <id>", "whose sandboxes (default: the agent that the gateway takes)", {
    accepts: (word) => word.trim() !== "",
    expected: "an agent's id",
  }),
};
