/**
 * The page that a link leads to: it goes on to noVNC by itself, from its own place, since a cookie that is `SameSite=Strict`
 * is not sent along a redirect that another site's link has begun; and it leaves the link out of the history. What noVNC
 * reads of a fragment is in its `app/webutil.js`.
 */
export function viewerPage(vncPassword: string, nonce: string): string {
  const settings = new Map([
    ["autoconnect", "1"],
    ["resize", "scale"],
    ["path", "websockify"],
    ["password", vncPassword],
  ]);
  const fragment = [...settings].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const target = JSON.stringify(`/vnc.html#${fragment}`).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Browser</title>
<script nonce="${nonce}">location.replace(${target});</script>
<noscript>The screen is shown by a script, which this browser does not run.</noscript>
</html>
`;
}
