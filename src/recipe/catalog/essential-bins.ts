// Made by scripts/refresh-essential-bins.sh: run it again instead of editing this.

/** Commands of every Debian bookworm image, those it cannot do without: command, package. */
const table = `
  apt: apt apt-cache apt-cdrom apt-config apt-get apt-key apt-mark
  bash: bash bashbug clear_console rbash
  bsdutils: logger renice script scriptlive scriptreplay wall
  coreutils: arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit cut
     date dd df dir dircolors dirname du echo env expand expr factor false fmt fold groups head hostid id
     install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od
     paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm rmdir runcon seq sha1sum
     sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac
     tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir wc who
     whoami yes
  dash: dash sh
  debconf: debconf debconf-apt-progress debconf-communicate debconf-copydb debconf-escape
     debconf-set-selections debconf-show
  debianutils: ischroot run-parts savelog tempfile which which.debianutils
  diffutils: cmp diff diff3 sdiff
  dpkg: dpkg dpkg-deb dpkg-divert dpkg-maintscript-helper dpkg-query dpkg-realpath dpkg-split
     dpkg-statoverride dpkg-trigger update-alternatives
  findutils: find xargs
  grep: egrep fgrep grep rgrep
  gzip: gunzip gzexe gzip uncompress zcat zcmp zdiff zegrep zfgrep zforce zgrep zless zmore znew
  hostname: dnsdomainname domainname hostname nisdomainname ypdomainname
  init-system-helpers: deb-systemd-helper deb-systemd-invoke
  libc-bin: getconf getent iconv ldd locale localedef pldd tzselect zdump
  login: faillog lastlog login newgrp sg
  mawk: awk mawk nawk
  ncurses-bin: captoinfo clear infocmp infotocap reset tabs tic toe tput tset
  passwd: chage chfn chsh expiry gpasswd passwd
  perl-base: perl
  sed: sed
  sysvinit-utils: pidof
  tar: tar
  util-linux: addpart choom chrt delpart dmesg fallocate findmnt flock getopt hardlink ionice ipcmk ipcrm
     ipcs last lastb lsblk lscpu lsipc lslocks lslogins lsmem lsns mcookie mesg more mountpoint namei
     nsenter partx prlimit rename.ul resizepart rev setarch setpriv setsid setterm su taskset uclampset
     unshare utmpdump wdctl whereis
`;

/** Command → the essential Debian package that ships it. */
export const essentialBins: ReadonlyMap<string, string> = new Map(
  table
    .trim()
    .split(/\n {2}(?=\S)/)
    .flatMap((row) => {
      const [name = "", ...bins] = row.trim().split(/:?\s+/);
      return bins.map((bin) => [bin, name] as const);
    }),
);
