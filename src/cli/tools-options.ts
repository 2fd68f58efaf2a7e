import { notEmpty } from "./command-options.ts";
import { text } from "./option.ts";

export const toolsOptions = {
  session: text("--session <key>", "the session, by its whole key (default: the agent's main one)", notEmpty),
  agent: text("--agent <id>", "the agent, where the key does not name it", notEmpty),
  tool: text("--tool <name>", "only this tool, with what every layer says of it", notEmpty),
  provider: text(
    "--provider <name>",
    "the model's provider, or provider/model, whose lists count too",
    notEmpty,
  ),
  spawnedBy: text("--spawned-by <key>", "the session that started it, which confines it too", notEmpty),
};
