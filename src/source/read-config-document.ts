import {
  type ConfigGround,
  configDocumentOf,
  type ParsedConfigDocument,
  parseConfigDocument,
} from "../config/config-document.ts";
import { readGatewayText } from "./read-gateway-config.ts";

/**
 * Reads a gateway's configuration with the places of its values. A file that is not there is an empty document, and no
 * problem; one that cannot be read is an empty document with the reason.
 */
export function readConfigDocument(ground: ConfigGround): ParsedConfigDocument {
  const { text, diagnostics } = readGatewayText(ground.file);
  return text === null
    ? { document: configDocumentOf(undefined, ground), diagnostics }
    : parseConfigDocument(text, ground);
}
