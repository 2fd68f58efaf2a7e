import { join } from "node:path";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { type ImportedItem, importsPath, type PreparedImport } from "./home-import.ts";
import { type ImportPlace, importMount, readHostFile } from "./import-place.ts";

/**
 * GitHub's command line: `hosts.yml`, which holds the login, and `config.yml`. gh finds them by GH_CONFIG_DIR; its state
 * and its caches stay in the home.
 */
export function importGh({ source, dir, write }: ImportPlace): PreparedImport {
  const from = join(source.homeDir, ".config", "gh");
  const target = `${importsPath}/gh`;
  const files = new Map<string, string>();
  const items: ImportedItem[] = [];
  for (const [file, what] of [
    ["hosts.yml", "login of gh"],
    ["config.yml", "settings of gh"],
  ] as const) {
    const text = readHostFile(join(from, file));
    if (text === null) continue;
    files.set(file, text);
    items.push({ what, from: join(from, file), to: `${target}/${file}`, how: "copy" });
  }
  write(files);
  const hosts = files.get("hosts.yml");
  return {
    import: { name: "gh", items, leftOut: [] },
    mounts: [importMount(dir, target)],
    environment: { GH_CONFIG_DIR: target },
    diagnostics:
      hosts !== undefined && /^\s+oauth_token:/m.test(hosts)
        ? []
        : [
            {
              code: "HOME_IMPORT_MISSING",
              severity: "warning",
              message:
                hosts === undefined
                  ? `The import "gh" gives no login: ${quoteValue(join(from, "hosts.yml"))} cannot be read.`
                  : `The import "gh" gives no login: ${quoteValue(join(from, "hosts.yml"))} holds no token; gh keeps it in a key ring.`,
              hint: "On the host: gh auth login --insecure-storage",
            },
          ],
  };
}
