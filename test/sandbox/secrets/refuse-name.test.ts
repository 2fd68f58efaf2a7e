import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { refuseName } from "../../../src/sandbox/secrets/refuse-name.ts";
import { parseSkill } from "../../../src/skill/parse-skill.ts";
import { corpusSkillFiles } from "../../support/corpus.ts";

describe("names that decide which code runs", () => {
  // What a loader, a shell, an interpreter or a build tool obeys.
  const never = `LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES GLIBC_TUNABLES MALLOC_CHECK_ GCONV_PATH
    PATH HOME XDG_CONFIG_HOME XDG_RUNTIME_DIR SHELL TMPDIR BASH_ENV ENV BASH_FUNC_ls SHELLOPTS IFS PS4 PROMPT_COMMAND
    ZDOTDIR EDITOR PAGER BROWSER LESSOPEN GIT_SSH_COMMAND GIT_CONFIG_COUNT GIT_DIR DOCKER_HOST NODE_OPTIONS NODE_PATH
    npm_config_script_shell BUN_OPTIONS PYTHONPATH PYTHONSTARTUP PYTHONINSPECT PIP_INDEX_URL PERL5OPT PERL5LIB PERL5DB
    RUBYOPT RUBYLIB BUNDLE_GEMFILE JAVA_TOOL_OPTIONS _JAVA_OPTIONS CLASSPATH DOTNET_STARTUP_HOOKS CORECLR_PROFILER
    GOFLAGS RUSTC_WRAPPER MAKEFLAGS LUA_INIT PHPRC R_PROFILE_USER GTK_MODULES OPENSSL_CONF SSL_CERT_FILE
    NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED ld_preload __proto__`;

  test.each(never.split(/\s+/))("%s never passes", (name) => {
    expect(refuseName(name)?.kind).toBe("never");
  });

  test.each(["HTTPS_PROXY", "http_proxy", "NO_PROXY"])("%s passes on the operator's word alone", (name) => {
    expect(refuseName(name)?.kind).toBe("operator");
  });

  test.each(["", "A B", "A=B", "1A", "A-B", "Ä", "A\nB", "A".repeat(129)])("%j is no name", (name) => {
    expect(refuseName(name)?.kind).toBe("never");
  });
});

describe("names that real skills declare", () => {
  const usual = `OPENAI_API_KEY GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN GOOGLE_API_KEY GOG_KEYRING_PASSWORD GOPLACES_API_KEY
    NPM_TOKEN NODE_AUTH_TOKEN CARGO_REGISTRY_TOKEN GEM_HOST_API_KEY AWS_SECRET_ACCESS_KEY HOMEASSISTANT_TOKEN
    PATHE_API_KEY ENVATO_TOKEN SHELLY_KEY LDAP_PASSWORD JAVASCRIPT_KEY XAI_API_KEY PSN_TOKEN OPENCLAW_GATEWAY_TOKEN
    DATABASE_URL BROWSER_USE_API_KEY KUBECONFIG`;

  test.each(usual.split(/\s+/))("%s passes", (name) => {
    expect(refuseName(name)).toBeNull();
  });

  const files = corpusSkillFiles();
  if (files.length === 0) console.info("Left out: names of the corpus of real skills, which is not here.");
  test.runIf(files.length > 0)("all names of the corpus pass", () => {
    const declared = files.flatMap((file) => {
      const { requires, primaryEnv } = parseSkill(readFileSync(file), { dir: dirname(file), file });
      return [...requires.env, ...(primaryEnv === undefined ? [] : [primaryEnv])];
    });
    expect(new Set(declared).size).toBeGreaterThan(100);
    expect(declared.filter((name) => refuseName(name) !== null)).toEqual([]);
  });
});
