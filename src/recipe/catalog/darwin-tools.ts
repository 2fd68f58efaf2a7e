import { type CatalogRow, declareDarwin, noneRow } from "./catalog-row.ts";

/** Commands of macOS itself, and programs that only work there. */
export const darwinTools: readonly CatalogRow[] = [
  darwin(
    "osascript open pbcopy pbpaste defaults launchctl mdfind sips plutil system_profiler caffeinate screencapture afplay",
    "a command of macOS",
  ),
  darwin("xcrun xcodebuild swift simctl idb_companion", "Apple's developer tools run on macOS only"),
  darwin("say", "macOS's speech; the say in Debian's gnustep-gui-runtime speaks through a GNUstep service", {
    namedAs: { apt: ["gnustep-gui-runtime"] },
  }),
  darwin("shortcuts", "it runs the shortcuts of macOS"),
  darwin("memo", "it drives Apple Notes; Debian's memo is a note-taker of another author", {
    namedAs: { brew: ["antoniorodr/memo/memo"], apt: ["memo"] },
  }),
  darwin("remindctl", "it drives Apple Reminders", { namedAs: { brew: ["steipete/tap/remindctl"] } }),
  darwin("grizzly", "it drives Bear, an app for macOS", {
    namedAs: { go: ["github.com/tylerwince/grizzly/cmd/grizzly"] },
  }),
  darwin("things", "it drives Things, an app for macOS", {
    namedAs: { go: ["github.com/ossianhempel/things3-cli/cmd/things"] },
  }),
  darwin("imsg", "it drives Messages, an app for macOS", { namedAs: { brew: ["steipete/tap/imsg"] } }),
  darwin("peekaboo", "it captures the screen of macOS", { namedAs: { brew: ["steipete/tap/peekaboo"] } }),
  darwin("codexmonitor", "its Homebrew formula is for macOS", {
    namedAs: { brew: ["cocoanetics/tap/codexmonitor"] },
  }),
  darwin("m1ddc blueutil mas terminal-notifier", "it drives macOS itself"),
  noneRow("brew", "Homebrew is not part of sandbox images: their programs come from Debian and npm", {
    hint: "Name the program that the skill needs in requires.bins, and a Debian or npm package in install",
  }),
];

function darwin(bins: string, why: string, details: Parameters<typeof noneRow>[2] = {}): CatalogRow {
  return noneRow(bins, `for macOS only: ${why}`, { hint: declareDarwin, ...details });
}
