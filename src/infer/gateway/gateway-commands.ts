/** The gateway's command line, under its own and its former names. */
export const gatewayPrograms: ReadonlySet<string> = new Set(["openclaw", "clawdbot", "moltbot"]);

/** What an agent inside a sandbox does in place of one command of the gateway. */
export type GatewayAdvice =
  | { readonly kind: "tool"; readonly tools: string }
  /** It gives whoever runs it the operator's powers, or answers for the operator's machine. */
  | { readonly kind: "operator" };

const tool = (tools: string): GatewayAdvice => ({ kind: "tool", tools });

/** Subcommand → advice, for those that have a tool in their place. */
const tools: ReadonlyMap<string, GatewayAdvice> = new Map(
  Object.entries({
    agent: tool("sessions_spawn, sessions_send"),
    browser: tool("browser"),
    canvas: tool("canvas"),
    cron: tool("cron"),
    memory: tool("memory_search, memory_get"),
    message: tool("message"),
    nodes: tool("nodes"),
    send: tool("message"),
    sessions: tool("sessions_list, sessions_history, sessions_send"),
    status: tool("session_status"),
  }),
);

/** What to do in place of a command; whatever has no tool is the operator's. */
export function adviceFor(subcommand: string | null): GatewayAdvice {
  return (subcommand === null ? undefined : tools.get(subcommand)) ?? { kind: "operator" };
}
