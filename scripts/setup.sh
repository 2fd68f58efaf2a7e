#!/usr/bin/env bash
# From a fresh clone to verified images in one command: `npm run sandbox:setup`. Arguments go to `skillcrate setup`.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
bash "$root/scripts/prepare-checkout.sh"
exec node "$root/dist/cli/main.js" setup "$@"
