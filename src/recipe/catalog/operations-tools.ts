import { type CatalogRow, downloadRow } from "./catalog-row.ts";

// How projects call the two processors in the names of their files.
const goArch = { "linux/amd64": "amd64", "linux/arm64": "arm64" };
const unameArch = { "linux/amd64": "x86_64", "linux/arm64": "aarch64" };

/** Programs for clouds, clusters, checks and builds that their projects publish as files; digests are recorded on first use. */
export const operationsTools: readonly CatalogRow[] = [
  github("argoproj/argo-cd", "argocd-linux-{arch}", "2.13.1", "argocd", "Argo CD's own release files", {
    versionArgs: { argocd: ["version", "--client"] },
  }),
  github("99designs/aws-vault", "aws-vault-linux-{arch}", "7.2.0", "aws-vault", "its authors' release files"),
  github("sigstore/cosign", "cosign-linux-{arch}", "2.4.1", "cosign", "Sigstore's own release files", {
    versionArgs: { cosign: ["version"] },
  }),
  github(
    "eksctl-io/eksctl",
    "eksctl_Linux_{arch}.tar.gz",
    "0.197.0",
    "eksctl",
    "its project's release files",
    {
      namedAs: { brew: ["weaveworks/tap/eksctl"] },
      versionArgs: { eksctl: ["version"] },
    },
  ),
  github("fluxcd/flux2", "flux_{version}_linux_{arch}.tar.gz", "2.4.0", "flux", "Flux's own release files", {
    namedAs: { brew: ["fluxcd/tap/flux"] },
  }),
  github(
    "anchore/grype",
    "grype_{version}_linux_{arch}.tar.gz",
    "0.85.0",
    "grype",
    "Anchore's release files",
    {
      namedAs: { brew: ["anchore/grype/grype"] },
    },
  ),
  github("anchore/syft", "syft_{version}_linux_{arch}.tar.gz", "1.17.0", "syft", "Anchore's release files", {
    namedAs: { brew: ["anchore/syft/syft"] },
  }),
  github("k3d-io/k3d", "k3d-linux-{arch}", "5.7.4", "k3d", "k3s in containers; its project's release files"),
  github(
    "kubernetes/minikube",
    "minikube-linux-{arch}",
    "1.34.0",
    "minikube",
    "Kubernetes' own release files",
    { versionArgs: { minikube: ["version"] } },
  ),
  github(
    "gruntwork-io/terragrunt",
    "terragrunt_linux_{arch}",
    "0.69.1",
    "terragrunt",
    "Gruntwork's own release files",
  ),
  github(
    "terraform-linters/tflint",
    "tflint_linux_{arch}.zip",
    "0.54.0",
    "tflint",
    "its project's release files",
  ),
  github(
    "trufflesecurity/trufflehog",
    "trufflehog_{version}_linux_{arch}.tar.gz",
    "3.84.1",
    "trufflehog",
    "finds secrets; its authors' release files",
    { namedAs: { brew: ["trufflesecurity/trufflehog/trufflehog"] } },
  ),
  github(
    "tsenart/vegeta",
    "vegeta_{version}_linux_{arch}.tar.gz",
    "12.12.0",
    "vegeta",
    "HTTP load; its author's release files",
  ),
  download(
    "https://github.com/golangci/golangci-lint/releases/download/v{version}/golangci-lint-{version}-linux-{arch}.tar.gz",
    "1.62.2",
    "golangci-lint",
    "its project's release files; checks want Go beside it",
    { stripComponents: 1, arch: goArch },
    { namedAs: { brew: ["golangci/tap/golangci-lint"] } },
  ),
  download(
    "https://github.com/grafana/k6/releases/download/v{version}/k6-v{version}-linux-{arch}.tar.gz",
    "0.55.0",
    "k6",
    "Grafana's own release files",
    { stripComponents: 1, arch: goArch },
    { versionArgs: { k6: ["version"] } },
  ),
  download(
    "https://github.com/kopia/kopia/releases/download/v{version}/kopia-{version}-linux-{arch}.tar.gz",
    "0.18.2",
    "kopia",
    "encrypted backups; its project's release files",
    { stripComponents: 1, arch: { "linux/amd64": "x64", "linux/arm64": "arm64" } },
  ),
  download(
    "https://github.com/hadolint/hadolint/releases/download/v{version}/hadolint-Linux-{arch}",
    "2.12.0",
    "hadolint",
    "checks Dockerfiles; its project's release files",
    { arch: { "linux/amd64": "x86_64", "linux/arm64": "arm64" } },
  ),
  download(
    "https://github.com/arduino/arduino-cli/releases/download/v{version}/arduino-cli_{version}_Linux_{arch}.tar.gz",
    "1.1.1",
    "arduino-cli",
    "Arduino's own release files",
    { arch: { "linux/amd64": "64bit", "linux/arm64": "ARM64" } },
    { versionArgs: { "arduino-cli": ["version"] } },
  ),
  download(
    "https://github.com/schollz/croc/releases/download/v{version}/croc_v{version}_Linux-{arch}.tar.gz",
    "10.2.1",
    "croc",
    "sends files with a code phrase; its author's release files",
    { arch: { "linux/amd64": "64bit", "linux/arm64": "ARM64" } },
  ),
  download(
    "https://github.com/getzola/zola/releases/download/v{version}/zola-v{version}-{arch}-unknown-linux-gnu.tar.gz",
    "0.19.1",
    "zola",
    "a static site generator; its authors' release files",
    {
      arch: { "linux/amd64": "x86_64" },
      sha256: { "linux/amd64": "90b49041ccab8fbb6955914c41e72774771a6dcbd58936fb107aa8409cb44aa0" },
    },
  ),
  download(
    "https://github.com/Orange-OpenSource/hurl/releases/download/{version}/hurl-{version}-{arch}-unknown-linux-gnu.tar.gz",
    "6.0.0",
    "hurl hurlfmt",
    "HTTP requests from text files; its authors' release files",
    {
      stripComponents: 1,
      arch: unameArch,
      files: { hurl: "bin/hurl", hurlfmt: "bin/hurlfmt" },
      debian: ["libxml2"],
    },
  ),
  download(
    "https://github.com/AsamK/signal-cli/releases/download/v{version}/signal-cli-{version}-Linux-native.tar.gz",
    "0.13.14",
    "signal-cli",
    "Signal; its author's native program, which needs no Java",
    { arch: { "linux/amd64": "" } },
  ),
  download(
    "https://github.com/smallstep/cli/releases/download/v{version}/step_linux_{version}_{arch}.tar.gz",
    "0.26.1",
    "step",
    "Smallstep's certificates; Debian's step simulates physics",
    { stripComponents: 1, arch: goArch, files: { step: "bin/step" } },
    { namedAs: { apt: ["step"] }, versionArgs: { step: ["version"] } },
  ),
  download(
    "https://get.pulumi.com/releases/sdk/pulumi-v{version}-linux-{arch}.tar.gz",
    "3.142.0",
    "pulumi",
    "Pulumi's own release files",
    { stripComponents: 1, arch: { "linux/amd64": "x64", "linux/arm64": "arm64" } },
    { namedAs: { brew: ["pulumi/tap/pulumi"] }, versionArgs: { pulumi: ["version"] } },
  ),
  hashicorp("vault", "1.18.2"),
  hashicorp("consul", "1.20.1"),
  hashicorp("nomad", "1.9.3"),
  hashicorp("packer", "1.11.2", { namedAs: { brew: ["hashicorp/tap/packer"], apt: ["packer"] } }),
];

type Details = Parameters<typeof downloadRow>[3];

/** One file for each processor in a project's releases, whose tags are `v` and the version. */
function github(
  project: string,
  file: string,
  version: string,
  bins: string,
  why: string,
  details: Details = {},
): CatalogRow {
  const url = `https://github.com/${project}/releases/download/v{version}/${file}`;
  return download(url, version, bins, why, { arch: goArch }, details);
}

function hashicorp(
  name: string,
  version: string,
  details: Details = { namedAs: { brew: [`hashicorp/tap/${name}`] } },
): CatalogRow {
  const url = `https://releases.hashicorp.com/${name}/{version}/${name}_{version}_linux_{arch}.zip`;
  return download(url, version, name, "HashiCorp's own release files", { arch: goArch }, details);
}

function download(
  url: string,
  version: string,
  bins: string,
  why: string,
  release: Omit<Parameters<typeof downloadRow>[0], "url" | "version">,
  details: Details = {},
): CatalogRow {
  return downloadRow({ url, version, ...release }, bins, why, details);
}
