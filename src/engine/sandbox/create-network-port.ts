import { compareText } from "../../diagnostic/compare-text.ts";
import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { askEngine, askWhetherThere, type EngineAnswer } from "../port/ask-engine.ts";
import { refusal } from "../port/engine-error.ts";
import type { EngineLink } from "../port/engine-link.ts";
import { isObject } from "../port/is-object.ts";
import { type AnswerReader, readAnswer, readAnswers } from "../port/read-answer.ts";
import type { NetworkDetails, NetworkPort, NetworkSpec } from "./network-port.ts";

export function createNetworkPort(link: EngineLink): NetworkPort {
  return {
    create: (spec) => create(link, spec),
    inspect: (idOrName, signal) => inspect(link, idOrName, signal),
    list: (labels, signal) => list(link, labels, signal),
    remove: (name) => remove(link, name),
  };
}

async function create(link: EngineLink, { name, labels }: NetworkSpec): Promise<string> {
  const doing = `create the network ${quoteValue(name)}`;
  const body = {
    Name: name,
    // Engines allow two networks of one name; those of API 1.44 and newer do not.
    CheckDuplicate: true,
    Driver: "bridge",
    // Podman knows no such option, and does without.
    Options: { [connectsOption]: "false" },
    Labels: labels,
  };
  const answer = await askEngine(link, {
    method: "POST",
    path: "/networks/create",
    body,
    doing,
    pace: "patient",
    // Older ones of Podman say 500 where a name is taken.
    tolerate: [403, 404, 409, 500, 503],
  });
  if (answer.status < 400) return readAnswer(answer.body, doing).text("Id");
  throw refused(answer, name, doing);
}

const connectsOption = "com.docker.network.bridge.enable_icc";

async function inspect(
  link: EngineLink,
  idOrName: string,
  signal: AbortSignal | undefined,
): Promise<NetworkDetails | null> {
  const doing = `inspect the network ${quoteValue(idOrName)}`;
  // No network's name, and another path.
  if (/^\.{0,2}$/.test(idOrName)) return null;
  const { status, body } = await askWhetherThere(link, networkPath(idOrName), doing, signal);
  if (status === 404) return null;
  const found = toDetails(readAnswer(body, doing));
  // Docker also takes the beginning of an id.
  return found.id === idOrName || found.name === idOrName ? found : null;
}

async function list(
  link: EngineLink,
  labels: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly NetworkDetails[]> {
  const doing = `list the networks with ${labels.map(quoteValue).join(" and ")}`;
  const query = { filters: { label: labels } };
  const { body } = await askEngine(link, {
    ...{ method: "GET", path: "/networks", query, doing, pace: "prompt", signal },
  });
  return readAnswers(body, doing)
    .map(toDetails)
    .filter((network) => labels.every((label) => hasLabel(network, label)));
}

/** Podman takes networks that have one of the labels. */
function hasLabel({ labels }: NetworkSpec, label: string): boolean {
  const [key = "", value] = label.split(/=(.*)/s);
  return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}

async function remove(link: EngineLink, name: string): Promise<boolean> {
  const doing = `remove the network ${quoteValue(name)}`;
  const answer = await askEngine(link, {
    method: "DELETE",
    path: networkPath(name),
    doing,
    pace: "patient",
    tolerate: [403, 404, 409, 500],
  });
  if (answer.status < 400 || answer.status === 404) return true;
  if (/active endpoints|being used|in use/i.test(messageOf(answer))) return false;
  throw refusal(answer.status, messageOf(answer), doing);
}

function toDetails(answer: AnswerReader): NetworkDetails {
  const options = answer.textMap("Options");
  return {
    id: answer.text("Id"),
    name: answer.text("Name"),
    labels: answer.textMap("Labels"),
    driver: answer.textOrEmpty("Driver"),
    internal: answer.flag("Internal"),
    ipv6: answer.flag("EnableIPv6"),
    connectsContainers: options[connectsOption] !== "false",
    subnets: answer
      .object("IPAM")
      .objects("Config")
      .map((subnet) => ({ range: subnet.textOrEmpty("Subnet"), gateway: subnet.textOrEmpty("Gateway") })),
    containerNames: answer
      .values("Containers")
      .map((container) => container.textOrEmpty("Name"))
      .sort(compareText),
  };
}

function networkPath(idOrName: string): string {
  return `/networks/${encodeURIComponent(idOrName)}`;
}

function refused(answer: EngineAnswer, name: string, doing: string): SkillcrateError {
  const said = messageOf(answer);
  if (/already (?:exists|used)/i.test(said)) {
    return new SkillcrateError("NETWORK_NAME_TAKEN", `cannot ${doing}: another network has that name`, {
      hint: `See whose it is: docker network inspect ${escapeText(name)}`,
    });
  }
  if (/non-overlapping IPv4|fully subnetted|find free subnet/i.test(said)) {
    const message = `cannot ${doing}: ${escapeText(said.slice(0, 500))}`;
    return new SkillcrateError("ENGINE_REFUSED", message, { hint: noAddressesHint });
  }
  return refusal(answer.status, said, doing);
}

const noAddressesHint =
  "Remove networks that nobody uses, or give the engine more addresses (default-address-pools in its daemon.json):\n" +
  "docker network ls\n" +
  "docker network prune";

function messageOf({ body }: EngineAnswer): string {
  return isObject(body) && typeof body["message"] === "string" ? body["message"] : "";
}
