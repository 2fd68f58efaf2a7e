import { pathToFileURL } from "node:url";

/** Look-ups in the Debian index by a process that has done nothing else: the first one, and others once each. */
const { readDebianIndex, debianIndex, debianModules, debianPackages } = await import(
  pathToFileURL(process.argv[2]).href
);
const tables = readDebianIndex();
const packages = debianPackages(tables, "linux/amd64");
const kinds = {
  command: [debianIndex(tables, "linux/amd64").filesNamed, "jq", "commands"],
  module: [debianModules(tables, "linux/amd64").packagesWith, "yaml", "modules"],
  package: [packages.find, "jq", "packages-amd64"],
  dependencies: [packages.dependenciesOf, "jq", "dependencies-all"],
};
const answer = {};
for (const [kind, [lookUp, name, table]] of Object.entries(kinds)) {
  const milliseconds = timed(() => lookUp(name));
  const lines = tables(table).split("\n");
  const names = lines.filter((_, index) => index % 20 === 0).map((line) => line.split(" ", 1)[0]);
  // What there is not, too: then every table has been asked.
  lookUp("no-such-name");
  const all = timed(() => {
    for (const each of names) lookUp(each);
  });
  answer[kind] = { milliseconds, microseconds: (all * 1000) / names.length };
}
process.stdout.write(JSON.stringify(answer));

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}
