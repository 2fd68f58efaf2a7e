import {
  allowed,
  architectures,
  browser,
  conditional,
  denied,
  refusedOtherwise,
} from "./syscall-decisions.mjs";

/** Names of a group, in the order of the table. */
const namesOf = ({ names }) => names.split(/\s+/);

/** Every name that is decided on, one entry for each decision. */
export function decidedNames() {
  const groups = [...allowed, ...refusedOtherwise, ...denied].flatMap(namesOf);
  return [...groups, ...conditional.map(({ name }) => name)];
}

/** File name → profile, in the form that Docker and Podman take. */
export function makeProfiles() {
  const replaced = new Set(browser.map(({ name }) => name));
  const rest = conditional.filter(({ name }) => !replaced.has(name));
  return {
    "sandbox.json": profile(conditional),
    "browser.json": profile([...rest, ...browser]),
  };
}

function profile(conditions) {
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: 1,
    archMap: architectures.map((architecture) => ({ architecture, subArchitectures: [] })),
    syscalls: [
      { names: allowed.flatMap(namesOf).sort(), action: "SCMP_ACT_ALLOW" },
      ...conditions.flatMap(({ name, when }) =>
        when.map((args) => ({
          names: [name],
          action: "SCMP_ACT_ALLOW",
          ...(args.length > 0 ? { args } : {}),
        })),
      ),
      ...refusedOtherwise.map((group) => ({
        names: namesOf(group),
        action: "SCMP_ACT_ERRNO",
        errnoRet: group.errno,
      })),
    ],
  };
}
