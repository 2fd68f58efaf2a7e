import { type Kind, printAsIs, taken, unexpected } from "./kind.ts";
import { patternKind, textKind } from "./plain-kinds.ts";

const hostNamePattern =
  /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/;

const ipv4Pattern = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;

function isAddress(text: string): boolean {
  return ipv4Pattern.test(text) || isIpv6(text);
}

function isIpv6(text: string): boolean {
  return /^[0-9A-Fa-f:.]{2,45}$/.test(text) && text.includes(":") && URL.canParse(`http://[${text}]/`);
}

/** An IP address. */
export const addressKind = textKind("an IP address, as in 10.0.0.53", isAddress);

/** What the engine itself fills in. */
const hostGateway = "host-gateway";

/** `name:address`, as engines take them. */
export const extraHostKind = textKind(
  `a name and an address, as in "host.docker.internal:${hostGateway}" or "db.internal:10.0.0.7"`,
  (text) => {
    const colon = text.indexOf(":");
    const address = text.slice(colon + 1);
    return (
      colon > 0 &&
      hostNamePattern.test(text.slice(0, colon)) &&
      (address === hostGateway || isAddress(address))
    );
  },
  { pattern: "^[A-Za-z0-9_.-]+:.+$" },
);

/** A host's name or address. */
export const hostKind = textKind(
  "a host, as in browser.internal or 10.0.0.7",
  (text) => hostNamePattern.test(text) || isAddress(text),
);

/** A range of addresses. */
export const addressRangeKind = textKind("a range of addresses, as in 172.21.0.1/32", (text) => {
  const [address = "", bits = "", ...others] = text.split("/");
  const most = ipv4Pattern.test(address) ? 32 : 128;
  return others.length === 0 && isAddress(address) && /^[0-9]{1,3}$/.test(bits) && Number(bits) <= most;
});

/** An address of the web or of a browser, without a password in it. Private: its query may be a token. */
export const urlKind: Kind<string> = {
  expected: "an address that begins with http://, https://, ws:// or wss://, without a password in it",
  schema: { type: "string", pattern: "^(?:https?|wss?)://" },
  isPrivate: true,
  read(written) {
    if (typeof written !== "string" || !/^(?:https?|wss?):\/\/[^\s\p{Cc}]{1,2000}$/u.test(written))
      return unexpected(urlKind.expected);
    if (!URL.canParse(written)) return unexpected(urlKind.expected);
    const { username, password } = new URL(written);
    return username === "" && password === "" ? taken(written) : unexpected(urlKind.expected);
  },
  print: printAsIs,
};

/** What an engine calls a runtime, a network, a profile. */
export const engineNamePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

export const engineNameKind = (what: string): Kind<string> =>
  patternKind(`${what}: letters, digits, and _ . - inside`, engineNamePattern);
