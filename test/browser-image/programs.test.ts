import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { hasPython, python, sources } from "./start-entrypoint.ts";

/** Runs statements in the midst of the browser's own code, and gives what they print. */
function runPython(statements: string): string {
  return execFileSync(python, ["-B", "-c", statements], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", PYTHONPATH: sources },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const start = `
import asyncio, os, time
import programs
programs.WORK = "/"
`;

describe.runIf(hasPython)("the programs of a browser", () => {
  test("one that ends at the moment at which it is to be ended is seen to end", () => {
    const said = runPython(`${start}
async def main():
    ends = []
    running = programs.Programs()
    program = running.start("true", ["true"], ends.append)
    # It has ended, and the loop does not know.
    os.waitid(os.P_PID, program.process.pid, os.WEXITED | os.WNOWAIT)
    await running.end([program])
    print(program.gone.is_set(), len(running.running), len(ends), program.process.returncode)

asyncio.run(main())`);
    expect(said).toBe("True 0 1 0\n");
  });

  test("one that cannot be started ends its connection, and no other", () => {
    const said = runPython(`${start}
import connections
from failure import Failed

async def main():
    running = programs.Programs()
    async def handle(reader, writer):
        if await reader.read(1) == b"x":
            running.start("nobody", ["/nowhere"])
        writer.write(b"fine")
    asyncio.get_running_loop().set_exception_handler(lambda _, context: print("unhandled", context))
    listener = connections.listen_tcp("127.0.0.1", 0)
    server = await connections.serve(listener, handle, 2)
    for sent in (b"x", b"y"):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(sent)
        print(await reader.read())
        writer.close()

asyncio.run(main())`);
    expect(said).toBe("b''\nb'fine'\n");
  });
});
