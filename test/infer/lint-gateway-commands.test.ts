import { describe, expect, it } from "vitest";
import { lintGatewayCommands } from "../../src/infer/gateway/lint-gateway-commands.ts";

const lint = (path: string, text: string) =>
  lintGatewayCommands({ dir: "/skills/one" }, [{ path, text }]).map(({ hint, place, message }) => ({
    hint,
    message,
    at: `${place?.line}:${place?.column}`,
  }));

describe("lintGatewayCommands", () => {
  it.each([
    ["openclaw cron add --at 9:00", "cron"],
    ["clawdbot message send --to x", "message"],
    ["moltbot sessions list", "sessions_list"],
    ["openclaw --profile dev agent --message hi", "sessions_spawn"],
    ["openclaw nodes status", "nodes"],
  ])("names the tool in the place of %s", (command, expected) => {
    const [found] = lint("SKILL.md", `# A\n\n\`\`\`bash\n${command}\n\`\`\`\n`);
    expect(found?.hint).toContain(expected);
    expect(found?.at).toBe("4:1");
  });

  it.each(["openclaw gateway restart", "openclaw config set a b", "openclaw"])(
    "leaves %s to the operator",
    (command) => {
      expect(lint("scripts/run.sh", `#!/bin/sh\n${command}\n`)[0]?.hint).toContain("operator");
    },
  );

  it("sees a command in running text, once, and not the product's name", () => {
    const found = lint(
      "SKILL.md",
      "Works with `openclaw`. Then run `openclaw cron list` as OpenClaw says.\n",
    );
    expect(found.map(({ at }) => at)).toEqual(["1:34"]);
  });

  it("sees it in a Python script and escapes what it shows", () => {
    const found = lint("run.py", 'import subprocess\nsubprocess.run(["openclaw", "cron", "list"])\n');
    expect(found).toHaveLength(1);
  });

  it("tells no more than anybody reads", () => {
    expect(lint("a.sh", `#!/bin/sh\n${"openclaw cron list\n".repeat(500)}`)).toHaveLength(50);
  });
});
