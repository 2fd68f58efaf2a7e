// A gateway of a test: a program of its own, which uses the built package.
import fs from "node:fs";
import { register, syncBuiltinESMExports } from "node:module";
import { MessageChannel } from "node:worker_threads";

/**
 * Mirrors each request in turn with one cache. Tells the results or the errors, the functions of node:fs that changed
 * something from this thread, and the modules that were loaded for it.
 */
export async function mirrorAsGateway(index, requests) {
  const modules = listenToModules();
  const writes = listenToWrites();
  const { createMirrorCache, mirrorSkills } = await import(index);
  const cache = createMirrorCache();
  const outcomes = [];
  for (const request of requests) {
    try {
      const { changed, skills, copied } = await mirrorSkills({ ...request, cache });
      outcomes.push({ changed, names: skills.map(({ name }) => name), copied });
    } catch (error) {
      const { name, code, hint, message } = error;
      outcomes.push({ error: { name, code, hint, message } });
    }
  }
  return { outcomes, writes, modules };
}

/** Specifiers, as they are resolved; hooks live in a thread of their own and tell by messages. */
function listenToModules() {
  const hooks = `
    let port;
    export function initialize(data) { port = data; }
    export async function resolve(specifier, context, next) {
      const resolved = await next(specifier, context);
      port.postMessage(resolved.url);
      return resolved;
    }`;
  const { port1, port2 } = new MessageChannel();
  const urls = [];
  port1.on("message", (url) => urls.push(url)).unref();
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: port2, transferList: [port2] });
  return urls;
}

function listenToWrites() {
  const writes = [];
  const changing =
    /^(mkdir|mkdtemp|write|append|rename|symlink|link|unlink|rm|rmdir|copyFile|cp|f?ch(mod|own)|l?f?utimes|f?sync|fdatasync|f?truncate)(Sync)?$/;
  for (const [name, real] of Object.entries(fs)) {
    const opens = name === "openSync" || name === "open";
    if (!opens && !changing.test(name)) continue;
    fs[name] = (...args) => {
      if (!opens || (args[1] & (fs.constants.O_WRONLY | fs.constants.O_RDWR | fs.constants.O_CREAT)) !== 0)
        writes.push(`${name} ${args[0]}`);
      return real(...args);
    };
  }
  syncBuiltinESMExports();
  return writes;
}
