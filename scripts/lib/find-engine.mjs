// Says on stderr which engine answers, by the rules of the compiled program. Exit codes: 0, or 69 where none does.
import { homedir } from "node:os";
import { connectEngine } from "../../dist/index.js";

try {
  const { info } = await connectEngine({ env: process.env, homeDir: homedir() });
  console.error(`Engine: ${info.product} ${info.version} at ${info.strategy}`);
  process.exitCode = 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 69;
}
