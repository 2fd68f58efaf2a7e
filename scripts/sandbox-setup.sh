#!/usr/bin/env bash
# Builds and verifies the base sandbox image. Arguments go to `skillcrate setup`.
set -euo pipefail
exec bash "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh" --only base "$@"
