import { type CommandGroup, defineCommand } from "./command.ts";
import { gatewayCheckOptions, gatewayLinkOptions } from "./gateway-options.ts";

/** What an operator does about sandboxes that are to reach the gateway. */
export const gatewayCommands: CommandGroup = {
  name: "gateway",
  summary: "check and make the way from a sandbox to the gateway",
  description:
    "An agent needs no such way: its tools do what the gateway's commands do. It is for skills that bring a client of the gateway.",
  commands: [
    defineCommand({
      name: "gateway check",
      summary: "try the way to the gateway from inside a sandbox",
      description:
        "Goes where a client inside would go, by its variables and its configuration, and says what it would say first: tells network, name, port, scheme, token and pairing apart. Changes nothing.",
      arguments: "",
      options: gatewayCheckOptions,
      examples: [{ command: "skillcrate gateway check --agent main", meaning: "from the agent's sandbox" }],
      load: async () => (await import("./commands/gateway-check.ts")).gatewayCheck,
    }),
    defineCommand({
      name: "gateway link",
      summary: "give a sandbox a configuration of the gateway's client",
      description:
        "Writes address and token, and nothing of the host's own configuration, into the sandbox's own home, where only its user reads it. Says what the gateway's configuration lacks for it, and what an agent gains.",
      arguments: "",
      options: gatewayLinkOptions,
      examples: [
        { command: "skillcrate gateway link --agent main", meaning: "with the gateway's own token" },
        {
          command: "skillcrate gateway link --session agent:main:cron:1 --from-env TOKEN",
          meaning: "with one of its own",
        },
      ],
      load: async () => (await import("./commands/gateway-link.ts")).gatewayLink,
    }),
  ],
};
