import { notEmpty, scopeOptions } from "./command-options.ts";
import { flag, text } from "./option.ts";

export const gatewayCheckOptions = scopeOptions;

export const gatewayLinkOptions = {
  url: text(
    "--url <address>",
    "where a sandbox reaches the gateway (default: ws://host.docker.internal and the gateway's port)",
    notEmpty,
  ),
  fromFile: text(
    "--from-file <file>",
    "take the token from a file (default: gateway.auth.token of the gateway's configuration)",
    notEmpty,
  ),
  fromEnv: text("--from-env <name>", "take the token from an environment variable", notEmpty),
  replace: flag("--replace", "replace a client configuration that is there already"),
  ...scopeOptions,
};
