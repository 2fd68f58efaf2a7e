/**
 * What a gateway's client would find, for any POSIX shell: one `NAME=base64` line each, so that no value can pass for a line.
 * The order is the client's own: a variable for the file, one for the folder, then its place in the home.
 */
export const lookScript = `
say() { printf '%s=%s\\n' "$1" "$(printf %s "$2" | base64 | tr -d '\\n')"; }
config=\${OPENCLAW_CONFIG_PATH:-\${OPENCLAW_STATE_DIR:-$HOME/.openclaw}/openclaw.json}
say PROGRAM "$(command -v openclaw)"
say CONFIG_PATH "$config"
if [ ! -e "$config" ]; then say CONFIG_STATE missing
elif [ ! -f "$config" ] || [ ! -r "$config" ]; then say CONFIG_STATE unreadable
else say CONFIG_STATE read; printf 'CONFIG_TEXT=%s\\n' "$(head -c 65536 "$config" | base64 | tr -d '\\n')"
fi
say URL "$OPENCLAW_GATEWAY_URL"
say TOKEN "$OPENCLAW_GATEWAY_TOKEN"
say TLS_REJECT "$NODE_TLS_REJECT_UNAUTHORIZED"
say INSECURE_WS "$OPENCLAW_ALLOW_INSECURE_PRIVATE_WS"
`;

/**
 * Resolves a name, connects, sends bytes and prints what comes back within two seconds, as base64. bash, since its
 * \`/dev/tcp\` needs no program that an image may lack. Values come by environment: nothing is quoted, nothing shows in an
 * argument.
 */
export const askScript = `
read -r address rest < <(getent ahosts "$SKILLCRATE_HOST")
printf 'address=%s\\n' "$address"
[ -n "$address" ] || exit 0
export SKILLCRATE_ADDRESS=$address
timeout 6 bash -c '
exec 3<>"/dev/tcp/$SKILLCRATE_ADDRESS/$SKILLCRATE_PORT" || exit 1
printf %s "$SKILLCRATE_BYTES" | base64 -d >&3
printf answer=
timeout 2 cat <&3 | head -c 65536 | base64 | tr -d "\\n"
echo
'
`;
