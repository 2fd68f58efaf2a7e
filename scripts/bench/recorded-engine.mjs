import { randomBytes } from "node:crypto";
import { createServer } from "node:http";

/**
 * An engine on a unix socket that answers as a real one has answered before: `recorded` holds the answers of
 * `GET /version`, `/info`, `/images/NAME/json` and `/containers/ID/json`. Containers that are created here are told like the
 * recorded one, but for what the request asked for otherwise.
 */
export async function startRecordedEngine(recorded, socketPath) {
  const containers = new Map();
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url.replace(/^\/v[\d.]+/, ""), "http://engine");
      const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
      const { status, answer } = respond(request.method, url, body);
      response.writeHead(status, {
        "content-type": "application/json",
        "api-version": recorded.version.ApiVersion,
      });
      response.end(answer === undefined ? "" : JSON.stringify(answer));
    });
  });
  const find = (name) => [...containers.values()].find(({ Id, Name }) => Id === name || Name === `/${name}`);

  function respond(method, { pathname, searchParams }, body) {
    if (pathname === "/version") return { status: 200, answer: recorded.version };
    if (pathname === "/info") return { status: 200, answer: recorded.info };
    if (pathname === "/_ping") return { status: 200, answer: "OK" };
    if (pathname.startsWith("/images/")) return { status: 200, answer: recorded.image };
    if (pathname === "/containers/create") {
      const created = create(recorded.container, searchParams.get("name"), body);
      containers.set(created.Id, created);
      return { status: 201, answer: { Id: created.Id, Warnings: [] } };
    }
    if (pathname === "/containers/json") {
      return { status: 200, answer: [...containers.values()].map(toListed) };
    }
    const [, name = "", verb] = /^\/containers\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? [];
    const found = find(decodeURIComponent(name));
    if (found === undefined) return { status: 404, answer: { message: "No such container" } };
    if (method === "DELETE") containers.delete(found.Id);
    if (verb === "start") found.State = recorded.container.State;
    return verb === "json" ? { status: 200, answer: found } : { status: 204 };
  }

  await new Promise((resolve) => server.listen(socketPath, resolve));
  return { close: () => new Promise((resolve) => server.close(resolve)) };
}

function create(recorded, name, { HostConfig, ...config }) {
  const [Path, ...Args] = [...config.Entrypoint, ...config.Cmd];
  return {
    ...recorded,
    ...{ Id: randomBytes(32).toString("hex"), Name: `/${name}`, Path, Args, Image: config.Image },
    State: { ...recorded.State, Status: "created", Running: false },
    Config: { ...recorded.Config, ...config },
    HostConfig: { ...recorded.HostConfig, ...HostConfig },
    Mounts: HostConfig.Mounts.map(({ Type, Source, Target, ReadOnly, BindOptions }) => ({
      ...{ Type, Source, Destination: Target, Mode: "", RW: !ReadOnly },
      Propagation: BindOptions.Propagation,
    })),
  };
}

function toListed({ Id, Name, Config, Image, State }) {
  const now = Math.floor(Date.now() / 1000);
  return { Id, Names: [Name], Labels: Config.Labels, ImageID: Image, State: State.Status, Created: now };
}
