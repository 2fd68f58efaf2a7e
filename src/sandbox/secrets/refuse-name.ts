import { environmentNamePattern } from "../../skill/name-grammars.ts";

/**
 * Why a name is not given to a sandbox as a secret. `never`: it would decide which code runs, and for everything in the
 * exec. `operator`: harmless enough, but it changes how every program behaves, so that a skill's own wish is not enough.
 */
export interface NameRefusal {
  readonly kind: "never" | "operator";
  /** A clause for a message: "it …". */
  readonly why: string;
}

/**
 * Judges the name of an environment variable. Letter case does not count: some programs read a name in both.
 * Null: nothing is wrong with it.
 */
export function refuseName(name: string): NameRefusal | null {
  if (!environmentNamePattern.test(name) || name === "__proto__") {
    return { kind: "never", why: "it is no name of an environment variable" };
  }
  const upper = name.toUpperCase();
  for (const { kind, why, exact, prefixes } of rules) {
    if (exact.has(upper) || prefixes.some((prefix) => upper.startsWith(prefix))) return { kind, why };
  }
  return null;
}

interface NameRule extends NameRefusal {
  readonly exact: ReadonlySet<string>;
  readonly prefixes: readonly string[];
}

/** Names ending in `*` stand for all that begin so. */
function rule(why: string, names: string, kind: NameRefusal["kind"] = "never"): NameRule {
  const words = names.trim().split(/\s+/);
  return {
    kind,
    why,
    exact: new Set(words.filter((word) => !word.endsWith("*"))),
    prefixes: words.filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1)),
  };
}

/**
 * Whole families where every name in them is a setting (`GIT_*`, but not `GITHUB_TOKEN`), single names where a family
 * also holds secrets (`NPM_TOKEN`, `CARGO_REGISTRY_TOKEN`, `GOOGLE_API_KEY`).
 */
const rules: readonly NameRule[] = [
  // ld.so(8), dyld(1), and what glibc itself takes from no privileged program's environment (unsecvars.h).
  rule(
    "it steers the loader and the C library",
    `LD_* DYLD_* GLIBC_TUNABLES MALLOC_* GCONV_PATH GETCONF_DIR HOSTALIASES LOCALDOMAIN LOCPATH NIS_PATH NLSPATH
     RESOLV_HOST_CONF RES_OPTIONS TZDIR`,
  ),
  rule(
    "it decides which programs and files are found",
    `PATH HOME XDG_* SHELL TMPDIR TMP TEMP PWD OLDPWD USER LOGNAME CDPATH TERMINFO TERMINFO_DIRS TERMCAP MANPATH
     MODULEPATH HOSTNAME`,
  ),
  rule(
    "shells run or obey it",
    `ENV BASH_* BASHOPTS SHELLOPTS IFS PS0 PS1 PS2 PS3 PS4 PROMPT_COMMAND GLOBIGNORE ZDOTDIR FPATH HISTFILE INPUTRC
     EXECIGNORE POSIXLY_CORRECT KSH_ENV`,
  ),
  rule(
    "other programs run what it names",
    `EDITOR VISUAL FCEDIT PAGER MANPAGER BROWSER LESSOPEN LESSCLOSE LESSKEY LESS SSH_ASKPASS SSH_ASKPASS_REQUIRE
     SUDO_ASKPASS SUDO_EDITOR RSYNC_RSH CVS_RSH TAR_OPTIONS WGETRC CURL_HOME VIMINIT EXINIT VIM VIMRUNTIME EMACSLOADPATH
     AWKPATH AWKLIBPATH GREP_OPTIONS`,
  ),
  rule("git runs programs that it names", "GIT_*"),
  rule("the container engine's client obeys it", "DOCKER_* BUILDKIT_* CONTAINER_HOST CONTAINERS_*"),
  rule(
    "Node, its package managers and their like load code by it",
    `NODE_OPTIONS NODE_PATH NODE_REPL_* NODE_V8_COVERAGE NODE_COMPILE_CACHE NODE_GYP_* NPM_CONFIG_* PNPM_HOME PNPM_CONFIG_*
     YARN_RC_FILENAME YARN_* COREPACK_* BUN_OPTIONS BUN_INSTALL BUN_CONFIG_* BUN_INSPECT* DENO_DIR ELECTRON_*`,
  ),
  rule("Python and its package managers load code by it", "PYTHON* PIP_* PIPX_* VIRTUAL_ENV CONDA_* UV_*"),
  rule("Perl loads code by it", "PERL5* PERLLIB PERL_*"),
  rule("Ruby loads code by it", "RUBYOPT RUBYLIB RUBY_* GEM_HOME GEM_PATH GEM_SPEC_CACHE BUNDLE_*"),
  rule(
    "Java and its build tools load code by it",
    `JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS JAVA_OPTS JAVA_HOME JVM_OPTS CLASSPATH MAVEN_OPTS MAVEN_ARGS
     GRADLE_OPTS GRADLE_USER_HOME SBT_OPTS ANT_OPTS ANT_ARGS KOTLIN_*`,
  ),
  rule(".NET loads code by it", "DOTNET_* COMPLUS_* CORECLR_* COR_ENABLE_PROFILING COR_PROFILER*"),
  rule(
    "compilers and build tools obey it",
    `GOFLAGS GOENV GOROOT GOPATH GOBIN GOPROXY GOSUMDB GONOSUMDB GONOSUMCHECK GONOPROXY GOPRIVATE GOINSECURE GOTOOLCHAIN
     GOTOOLDIR CGO_* RUSTC RUSTC_* RUSTDOC RUSTDOCFLAGS RUSTFLAGS RUSTUP_* CARGO_HOME CARGO_BUILD_* CARGO_TARGET_*
     CARGO_ENCODED_RUSTFLAGS CC CXX CPP LD AR AS CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LIBRARY_PATH CPATH C_INCLUDE_PATH
     CPLUS_INCLUDE_PATH COMPILER_PATH GCC_EXEC_PREFIX MAKEFLAGS MAKEFILES GNUMAKEFLAGS MFLAGS PKG_CONFIG* CMAKE_*`,
  ),
  rule(
    "other languages load code by it",
    `LUA_INIT* LUA_PATH* LUA_CPATH* PHPRC PHP_INI_SCAN_DIR R_PROFILE* R_ENVIRON* R_LIBS* R_HOME TCLLIBPATH JULIA_*
     ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS ERL_LIBS GUILE_LOAD_PATH GUILE_LOAD_COMPILED_PATH GUILE_EXTENSIONS_PATH`,
  ),
  rule(
    "libraries load modules by it",
    `GTK_MODULES GTK_PATH GTK_EXE_PREFIX GIO_MODULE_DIR GIO_EXTRA_MODULES GST_PLUGIN* GDK_PIXBUF_MODULE* QT_PLUGIN_PATH
     QT_QPA_PLATFORM_PLUGIN_PATH QML_IMPORT_PATH QML2_IMPORT_PATH LIBGL_DRIVERS_PATH VK_ICD_FILENAMES VK_LAYER_PATH
     OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES OPENSSL_CONF_INCLUDE KRB5_CONFIG SASL_PATH SASL_CONF_PATH`,
  ),
  // Not code, but whoever sets it can read what other programs send: it belongs to the container, not to a secret.
  rule(
    "it decides whom TLS connections trust, and belongs in docker.env",
    `SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE AWS_CA_BUNDLE NODE_EXTRA_CA_CERTS
     NODE_TLS_REJECT_UNAUTHORIZED SSLKEYLOGFILE`,
  ),
  // A proxy's address may hold a password, so it may be a secret; TLS still protects what goes through.
  rule(
    "it leads every program's traffic, so that the operator must name it",
    "HTTP_PROXY HTTPS_PROXY ALL_PROXY FTP_PROXY NO_PROXY",
    "operator",
  ),
];
