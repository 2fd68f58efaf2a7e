import { join } from "node:path";
import { compareText } from "../../diagnostic/compare-text.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { type GitSetting, parseGitConfig, renderGitConfig } from "./git-config.ts";
import { importsPath, type PreparedImport } from "./home-import.ts";
import { type ImportPlace, importMount, readHostFile } from "./import-place.ts";

/**
 * The host user's git settings: who they are and how they like it. Only settings that are known to name no program and
 * no file of the host, and to hold no secret, pass (`credential.helper`, `include.path`, `core.sshCommand`,
 * `http.extraHeader` and their like stay). They come as GIT_CONFIG_SYSTEM, so `git config --global` inside goes on
 * working and wins; the image's own `/etc/gitconfig` is included.
 */
export function importGit({ names, source, dir, write }: ImportPlace): PreparedImport {
  const sources = [join(source.homeDir, ".config", "git", "config"), join(source.homeDir, ".gitconfig")];
  const read = sources.flatMap((path) => {
    const text = readHostFile(path);
    return text === null ? [] : [{ path, settings: parseGitConfig(text) }];
  });
  const settings = read.flatMap((file) => file.settings);
  const kept = settings.filter(isHarmless);
  const withGh = names.includes("gh") ? settings.filter(asksGh).map(throughGh) : [];
  const target = `${importsPath}/git`;
  const included: GitSetting = { section: "include", subsection: null, key: "path", value: "/etc/gitconfig" };
  write(new Map([["config", renderGitConfig([included, ...kept, ...withGh])]]));
  const leftOut = settings.filter(
    (setting) => !isHarmless(setting) && !(names.includes("gh") && asksGh(setting)),
  );
  return {
    import: {
      name: "git",
      items: read.map(({ path }) => ({
        what: "settings of git",
        from: path,
        to: `${target}/config`,
        how: "copy",
      })),
      leftOut: [...new Set(leftOut.map(nameOf))].sort(compareText),
    },
    mounts: [importMount(dir, target)],
    environment: { GIT_CONFIG_SYSTEM: `${target}/config` },
    diagnostics:
      read.length > 0
        ? []
        : [
            {
              code: "HOME_IMPORT_MISSING",
              severity: "warning",
              message: `The import "git" gives nothing: there is no ${quoteValue(join(source.homeDir, ".gitconfig"))} that can be read.`,
              hint: "On the host: git config --global user.name …",
            },
          ],
  };
}

/** Without the subsection: it may be a URL with a password in it. */
function nameOf({ section, key }: GitSetting): string {
  return `${section}.${key}`;
}

function isHarmless(setting: GitSetting): boolean {
  const { section, subsection, key, value } = setting;
  // A shell alias runs a program of the host.
  if (section === "alias") return !(value ?? "").trimStart().startsWith("!");
  if (section === "url") {
    const isRewrite = key === "insteadof" || key === "pushinsteadof";
    return isRewrite && !hasPassword(subsection ?? "") && !hasPassword(value ?? "");
  }
  return harmlessSections.has(section) || harmless.has(`${section}.${key}`);
}

/** `https://user:password@host`, and `https://token@host`. */
function hasPassword(url: string): boolean {
  return /^https?:\/\/[^/]*@/i.test(url);
}

/** Every key of these is a colour, a layout or a yes or no. */
const harmlessSections: ReadonlySet<string> = new Set(["advice", "color", "column", "status", "versionsort"]);

const harmless: ReadonlySet<string> = new Set([
  "author.email",
  "author.name",
  "branch.autosetupmerge",
  "branch.autosetuprebase",
  "branch.sort",
  "committer.email",
  "committer.name",
  "core.abbrev",
  "core.autocrlf",
  "core.eol",
  "core.quotepath",
  "core.safecrlf",
  "core.whitespace",
  "diff.algorithm",
  "diff.colormoved",
  "diff.mnemonicprefix",
  "diff.renames",
  "fetch.prune",
  "fetch.prunetags",
  "help.autocorrect",
  "init.defaultbranch",
  "log.date",
  "log.decorate",
  "merge.conflictstyle",
  "merge.ff",
  "pull.ff",
  "pull.rebase",
  "push.autosetupremote",
  "push.default",
  "push.followtags",
  "rebase.autosquash",
  "rebase.autostash",
  "rebase.updaterefs",
  "rerere.enabled",
  "tag.sort",
  "user.email",
  "user.name",
]);

/** As `gh auth setup-git` writes it, with whatever path gh has on the host. */
function asksGh({ section, subsection, key, value }: GitSetting): boolean {
  if (section !== "credential" || key !== "helper" || hasPassword(subsection ?? "")) return false;
  return /^!(?:"?[\w./-]*\/)?gh"? auth git-credential$/.test((value ?? "").trim());
}

function throughGh(setting: GitSetting): GitSetting {
  return { ...setting, value: "!gh auth git-credential" };
}
