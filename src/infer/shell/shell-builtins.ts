const builtins = `
  . : [ alias autoload bg bind bindkey break builtin caller case cd chdir command compgen complete compinit compopt continue
  declare dirs disown echo emulate enable eval exec exit export false fc fg getopts hash help history integer jobs kill let
  limit local logout mapfile noglob popd print printf pushd pwd read readarray readonly rehash return set setopt shift shopt
  source suspend test times trap true type typeset ulimit umask unalias unset unsetopt vared wait whence where which zle
  zmodload zparseopts zstyle
`;

/** They change the machine that they run on, which a sandbox does not let them. */
const machine = `
  apk apt apt-get aptitude brew choco dnf doas flatpak launchctl mas nix nix-env pacman port rpm scoop service snap su sudo
  systemctl winget yay yum zypper
`;

/** Words at the place of a command that are none, or none that an image could have. */
export const notNeeded: ReadonlySet<string> = new Set(`${builtins} ${machine}`.trim().split(/\s+/));
