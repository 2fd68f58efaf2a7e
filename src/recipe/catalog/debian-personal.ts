import { aptRow, type CatalogRow } from "./catalog-row.ts";

/** Debian packages for a person's day: calendar, tasks, mail, money, reading, chat. */
export const debianPersonal: readonly CatalogRow[] = [
  aptRow("calcurse", "calcurse", "calendar and tasks in the terminal"),
  aptRow("khal", "khal ikhal", "calendars as files", { publishedAs: { python: "khal" } }),
  aptRow("khard", "khard", "address books as files", { publishedAs: { python: "khard" } }),
  aptRow("vdirsyncer", "vdirsyncer", "synchronises CalDAV and CardDAV", {
    publishedAs: { python: "vdirsyncer" },
  }),
  aptRow("gcalcli", "gcalcli", "Google Calendar", { publishedAs: { python: "gcalcli" } }),
  aptRow("remind", "remind", "a programmable calendar"),
  aptRow("taskwarrior", "task", "Taskwarrior", {
    namedAs: { brew: ["task", "taskwarrior"], apt: ["task"] },
    confusedWith: "Task (go-task), a Go program of the same name that runs Taskfile.yml",
  }),
  aptRow("timewarrior", "timew", "Timewarrior"),
  aptRow("todotxt-cli", "todo-txt", "a task list in a text file", { namedAs: { brew: ["todo-txt"] } }),
  aptRow("ledger", "ledger", "double-entry accounting"),
  aptRow("hledger", "hledger", "double-entry accounting"),
  aptRow("beancount", "bean-check bean-report", "double-entry accounting"),
  aptRow("newsboat", "newsboat", "feeds"),
  aptRow("buku", "buku", "bookmarks"),
  aptRow("mutt", "mutt", "mail"),
  aptRow("neomutt", "neomutt", "mail"),
  aptRow("notmuch", "notmuch", "indexes mail"),
  aptRow("isync", "mbsync", "synchronises IMAP"),
  aptRow("offlineimap3", "offlineimap", "synchronises IMAP", { namedAs: { apt: ["offlineimap"] } }),
  aptRow("msmtp", "msmtp", "sends mail"),
  aptRow("swaks", "swaks", "tests mail servers"),
  aptRow("mailutils", "mail", "GNU's mail command, for scripts", {
    namedAs: { apt: ["mailx", "bsd-mailx"] },
  }),
  aptRow("fetchmail", "fetchmail", "fetches mail"),
  aptRow("irssi", "irssi", "IRC"),
  aptRow("weechat-curses", "weechat", "chat in the terminal", { namedAs: { apt: ["weechat"] } }),
  aptRow("profanity", "profanity", "XMPP"),
  aptRow("toot", "toot", "Mastodon"),
  aptRow("ddgr", "ddgr", "DuckDuckGo in the terminal"),
  aptRow("googler", "googler", "Google in the terminal"),
  aptRow("surfraw", "surfraw", "search engines in the terminal"),
  aptRow("lynx", "lynx", "a text browser"),
  aptRow("w3m", "w3m", "a text browser"),
  aptRow("links", "links", "a text browser"),
  aptRow("elinks", "elinks", "a text browser"),
  aptRow("chromium", "chromium", "Debian's build of Chromium", {
    namedAs: { apt: ["chromium-browser"] },
  }),
  aptRow("firefox-esr", "firefox firefox-esr", "Firefox with long support", {
    namedAs: { apt: ["firefox"] },
  }),
];
