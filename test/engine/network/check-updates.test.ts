import { expect, test } from "vitest";
import { readSimulation } from "../../../src/engine/network/check-updates.ts";

test("tells security updates from others, and from what would be installed anew", () => {
  const text = `Reading package lists...
Inst libc6 [2.36-9+deb12u9] (2.36-9+deb12u10 Debian:12.9/stable [amd64]) [libc-bin:amd64 ]
Conf libc6 (2.36-9+deb12u10 Debian:12.9/stable [amd64])
Inst jq [1.6-2.1] (1.6-2.1+deb12u1 Debian-Security:12/stable-security [amd64])
Inst bash [5.2-1] (5.2-2 Debian:12.9/stable, Debian-Security:12/stable-security [amd64]) []
Inst newcomer (1.0 Debian:12.9/stable [amd64])
`;
  expect(readSimulation(text)).toEqual([
    { package: "bash", from: "5.2-1", to: "5.2-2", security: true },
    { package: "jq", from: "1.6-2.1", to: "1.6-2.1+deb12u1", security: true },
    { package: "libc6", from: "2.36-9+deb12u9", to: "2.36-9+deb12u10", security: false },
  ]);
});
