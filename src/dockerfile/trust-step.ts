import { settingsFolder } from "./settings-paths.ts";

/** Names, in a variable that a client reads, the extra certificates together with the image's own. */
export function trustStep(variable: string): string {
  const [bundle, system] = ["/tmp/ca.pem", "/etc/ssl/certs/ca-certificates.crt"];
  return [
    `if [ -f ${settingsFolder}/ca.pem ]`,
    `then cat ${settingsFolder}/ca.pem > ${bundle}`,
    `if [ -f ${system} ]; then cat ${system} >> ${bundle}; fi`,
    `export ${variable}=${bundle}`,
    "fi",
  ].join("; ");
}
