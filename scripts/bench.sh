#!/usr/bin/env bash
# npm run bench [-- NAME…]: ratios against named baselines, interleaved in one run, medians. Without names: all but `cold`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/prepare-checkout.sh
exec node scripts/bench/main.mjs "$@"
