#!/usr/bin/env bash
# Builds and verifies the browser sandbox image, and what it stands on. Arguments go to `skillcrate setup`.
set -euo pipefail
exec bash "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh" --only browser "$@"
