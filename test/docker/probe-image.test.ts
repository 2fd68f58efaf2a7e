import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { BinaryFacts, ImageFacts } from "../../src/engine/image-facts.ts";
import { runLabel } from "../../src/engine/label/label-names.ts";
import { probeImage } from "../../src/engine/probe/probe-image.ts";
import { currentRun } from "../../src/engine/run-identity.ts";
import { buildProbedImage, promiseOf } from "../support/probed-image.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;
const signal = new AbortController().signal;

beforeAll(async () => {
  engine = await connectTestEngine();
});

/** Containers of probes by this process: of this file, since every test file has a process of its own. */
async function ownContainers(): Promise<readonly string[]> {
  return (await engine.containers.list(`${runLabel}=${currentRun()}`)).map(({ id }) => id);
}

describe("an image with every kind of broken command", () => {
  let facts: ImageFacts;
  const told: string[] = [];

  const scripts: Record<string, string> = {
    "says-ok": "#!/bin/sh\necho ok\n",
    "says-nothing": "#!/bin/sh\n",
    good: '#!/bin/sh\n[ "$1" = version ] && echo "good 1.2.3" && exit\nexit 1\n',
    known: '#!/bin/sh\n[ "$*" = "-q show" ] && echo "known 4.5"\n',
    "usage-only": '#!/bin/sh\necho "Usage: usage-only FILE"\n',
    hangs: "#!/bin/sh\necho hangs 1.0\nexec sleep 120\n",
    "hangs-on": "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n",
    crashes: "#!/bin/sh\nkill -SEGV $$\n",
    "no-interpreter": "#!/no/such/interpreter\n",
    "bad-interpreter": "#!/etc/passwd\n",
    "no-node": "#!/usr/bin/env node\n",
    "no-module":
      "#!/bin/sh\nprintf 'Traceback (most recent call last):\\n  File \"/x3.1/y\"\\nImportError: z\\n' >&2\nexit 1\n",
    "needs-home": '#!/bin/sh\nmkdir -p "$XDG_CONFIG_HOME/x" && touch "$HOME/y" && echo "needs-home 1.0"\n',
    "needs-root": '#!/bin/sh\ntouch /usr/x && echo "needs-root 1.0"\n',
    "wants-network": "#!/bin/sh\ngrep -q eth0 /proc/net/dev && echo 'wants-network 1.0'\n",
    private: '#!/bin/sh\necho "private 1.0"\n',
  };

  beforeAll(async () => {
    const image = await buildProbedImage(
      engine,
      scripts,
      // The same length, so that the file stays whole: a library that nobody has.
      "RUN LC_ALL=C sed 's/libtinfo\\.so\\.6/libnobod.so.6/' /bin/bash > /usr/local/bin/no-library && chmod 0755 /usr/local/bin/no-library",
      "RUN chown sandbox /usr/local/bin/private && chmod 0700 /usr/local/bin/private",
      "RUN mkdir -p /opt/tools && printf '#!/bin/sh\\necho hidden 1.0\\n' > /opt/tools/hidden && chmod 0755 /opt/tools/hidden",
      "RUN printf '#!/bin/sh\\necho late 1.0\\n' > /opt/late && chmod 0755 /opt/late && ln -s /opt/late /opt/tools/late && echo 'PATH=$PATH:/opt/tools' > /etc/profile.d/late.sh",
      "RUN rm /opt/tools/late && mkdir /opt/login && ln -s /opt/late /opt/login/late && echo 'PATH=$PATH:/opt/login' > /etc/profile.d/late.sh",
      "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/tools",
    );
    const names = [...Object.keys(scripts), "no-library", "hidden", "late", "absent", "bash", "cd"];
    const promises = names.map((name) => promiseOf(name, name === "known" ? ["-q", "show"] : null));
    facts = await probeImage(engine, image, promises, { signal, onBinary: ({ name }) => told.push(name) });
  });

  function binary(name: string): BinaryFacts {
    const found = facts.binaries.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no facts of ${name}`);
    return found;
  }

  test.each([
    ["good", "good 1.2.3", ["version"]],
    ["known", "known 4.5", ["-q", "show"]],
    ["usage-only", null, ["--version"]],
    ["needs-home", "needs-home 1.0", ["--version"]],
    ["bash", expect.stringMatching(/^GNU bash, version 5\./), ["--version"]],
  ])("%s works", (name, version, versionArgs) => {
    expect(binary(name)).toEqual({
      name,
      path: expect.stringMatching(`^/usr/(local/)?bin/${name}$`),
      version,
      versionArgs,
      found: { sh: true, shLogin: true, bashLogin: true, exec: true, unknownUid: true },
      ok: true,
      problem: null,
    });
  });

  test.each([
    ["says-ok", "`says-ok --version` ends with exit code 0 but shows no version or usage text"],
    ["says-nothing", "`says-nothing --version` ends with exit code 0 but shows no version or usage text"],
    ["hangs", "hangs: `hangs --version` did not end within 30 s"],
    ["hangs-on", "hangs: `hangs-on --version` did not end within 30 s"],
    ["crashes", "`crashes --version` was killed by signal 11 (SIGSEGV)"],
    ["no-module", "exit code 1 from `no-module --version`: ImportError: z"],
    [
      "needs-root",
      expect.stringMatching(/^exit code 1 from `needs-root --version`: .*Read-only file system$/),
    ],
    ["wants-network", expect.stringMatching(/^exit code 1 from `wants-network --version`/)],
  ])("%s starts and is no good", (name, problem) => {
    expect(binary(name)).toMatchObject({
      ok: false,
      found: { sh: true, exec: true },
      versionArgs: null,
      problem,
    });
  });

  test.each([
    ["no-library", "exit code 127: libnobod.so.6: cannot open shared object file: No such file or directory"],
    [
      "no-interpreter",
      expect.stringMatching(/^exit code 127: No such file or directory \(it, or the interpreter/),
    ],
    ["bad-interpreter", expect.stringMatching(/^exit code 126: Permission denied/)],
    ["no-node", "exit code 127: /usr/bin/env: 'node': No such file or directory"],
  ])("%s does not even start", (name, problem) => {
    expect(binary(name)).toMatchObject({ ok: false, found: { sh: true, exec: false }, problem });
  });

  test.each([
    [
      "absent",
      null,
      { sh: false, shLogin: false, bashLogin: false, exec: false, unknownUid: false },
      "not on PATH",
    ],
    // A shell's own command is no program.
    ["cd", null, { sh: false, exec: false }, "not on PATH"],
    [
      "late",
      null,
      { sh: false, shLogin: true, bashLogin: true, exec: false },
      "not on the image's PATH; only a login shell finds it",
    ],
    [
      "hidden",
      "/opt/tools/hidden",
      { sh: true, shLogin: false, bashLogin: false, exec: true, unknownUid: true },
      "a login shell (`sh -lc`) does not find it: the profile sets another PATH",
    ],
    [
      "private",
      "/usr/local/bin/private",
      { sh: true, shLogin: true, bashLogin: true, exec: true, unknownUid: false },
      "a user that the image does not know may not execute it",
    ],
  ])("%s is not there for everybody", (name, path, found, problem) => {
    expect(binary(name)).toMatchObject({ ok: false, path, found, problem });
  });

  test("the rest of the facts: the image's user, its packages, everything sorted", () => {
    expect(facts).toMatchObject({
      format: "skillcrate/image-facts@1",
      platform: engine.info.platform,
      user: { name: "sandbox", uid: 1000, gid: 1000, home: "/home/sandbox" },
    });
    expect(facts.packages["bash"]).toMatch(/^5\./);
    expect(Object.keys(facts.packages)).toEqual(Object.keys(facts.packages).toSorted());
    const names = facts.binaries.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(told.toSorted()).toEqual(names);
  });

  test("no container is left", async () => {
    expect(await ownContainers()).toEqual([]);
  });
});

test("an image without bash and without coreutils' timeout: hung programs are stopped all the same", async () => {
  const image = await buildProbedImage(
    engine,
    { hangs: "#!/bin/sh\nwhile :; do :; done\n", works: "#!/bin/sh\necho works 1.0\n" },
    "RUN rm /usr/bin/timeout /bin/bash",
  );
  const facts = await probeImage(engine, image, [promiseOf("hangs"), promiseOf("works")], { signal });
  expect(facts.binaries).toMatchObject([
    { name: "hangs", ok: false, problem: "hangs: `hangs --version` did not end within 30 s" },
    { name: "works", ok: true, found: { bashLogin: null } },
  ]);
});

test("an image without sleep is kept alive by other means; one that cannot be is an error", async () => {
  const asleep = await buildProbedImage(engine, {}, "RUN rm /usr/bin/sleep");
  const facts = await probeImage(engine, asleep, [promiseOf("tail")], { signal });
  expect(facts.binaries).toMatchObject([{ name: "tail", ok: true }]);

  const dead = await buildProbedImage(engine, {}, "RUN rm /usr/bin/sleep /usr/bin/tail");
  await expect(probeImage(engine, dead, [], { signal })).rejects.toMatchObject({
    code: "IMAGE_CANNOT_RUN",
    message: expect.stringContaining("tail"),
  });

  const failing = "case $1 in 0|-c0) echo cannot $0 >&2; exit 3;; esac; exec waits -f /dev/null";
  const broken = await buildProbedImage(
    engine,
    { sleep: `#!/bin/sh\n${failing}\n`, tail: `#!/bin/sh\n${failing}\n` },
    "RUN cp /usr/bin/tail /usr/local/bin/waits",
  );
  await expect(probeImage(engine, broken, [], { signal })).rejects.toMatchObject({
    code: "IMAGE_CANNOT_RUN",
    message: expect.stringMatching(/`sleep 0`: exit code 3, cannot \S*sleep; `tail .*`: exit code 3, cannot/),
  });
  expect(await ownContainers()).toEqual([]);
});

test("a signal ends a probe within 2 s, and its container", async () => {
  const image = await buildProbedImage(engine, { hangs: "#!/bin/sh\nsleep 60\n" });
  const caller = new AbortController();
  const probing = probeImage(engine, image, [promiseOf("hangs")], { signal: caller.signal });
  await expect.poll(ownContainers, { timeout: 10_000 }).toHaveLength(1);
  await delay(500);
  caller.abort("SIGINT");
  const late = delay(2000, "still running after 2 s");
  await expect(Promise.race([probing, late])).rejects.toMatchObject({ code: "CANCELLED" });
  expect(await ownContainers()).toEqual([]);
});

test("an image that is not there", async () => {
  await expect(probeImage(engine, `sha256:${"0".repeat(64)}`, [], { signal })).rejects.toMatchObject({
    code: "IMAGE_NOT_FOUND",
  });
});
