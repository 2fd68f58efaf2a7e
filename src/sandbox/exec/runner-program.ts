/**
 * The runner's program. Debian's essential packages have this Perl and its modules. It reads frames from its standard
 * input and writes frames to its standard output: see `runner-frames.ts`.
 *
 * Each command has pipes of its own, so that nothing but a command writes to its output, and a session of its own, so that a
 * signal reaches all of it. The runner takes in what a command leaves behind (PR_SET_CHILD_SUBREAPER) and ends it with
 * the command; its own memory and descriptors are out of reach for programs of the same user (PR_SET_DUMPABLE); a
 * command does not outlive it (PR_SET_PDEATHSIG). Where the system calls have other numbers, this is missing.
 */
export const runnerProgram = String.raw`
use strict;
use POSIX ();
use Errno qw(EINTR EAGAIN ENOENT);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
my $prctl = { x86_64 => 157, aarch64 => 167 }->{ (POSIX::uname())[4] };
sub prctl { my ($what, $value) = @_; eval { syscall($prctl, $what, $value, 0, 0, 0) } if $prctl }
prctl(4, 0);
prctl(36, 1);
$0 = 'skillcrate-runner';
$SIG{PIPE} = 'IGNORE';
# So that it ends a select.
$SIG{CHLD} = sub { };
open(my $nothing, '<', '/dev/null') or die "/dev/null: $!\n";
my ($token, $mark, $in, %commands) = ('', shift // '', '');

sub nonblocking { my $f = shift; fcntl($f, F_SETFL, fcntl($f, F_GETFL, 0) | O_NONBLOCK) }

# Seconds since some moment, whatever happens to the date.
sub now { (POSIX::times())[0] / POSIX::sysconf(POSIX::_SC_CLK_TCK()) }

sub send_frame {
  my ($type, $id, $data) = @_;
  my $frame = $token . pack('a N N/a*', $type, $id, $data);
  for (my $at = 0; $at < length $frame;) {
    my $count = syswrite STDOUT, $frame, length($frame) - $at, $at;
    if (defined $count) { $at += $count }
    elsif ($! != EINTR) { exit 1 }
  }
}

sub refusals {
  my @counts;
  my $v2 = -r '/sys/fs/cgroup/memory.events';
  for (
    $v2 ? ['memory.events', 'oom_kill'] : ['memory/memory.oom_control', 'oom_kill'],
    $v2 ? ['pids.events', 'max'] : ['pids/pids.events', 'max']
  ) {
    my ($file, $key) = @$_;
    my $text = '';
    if (open(my $f, '<', "/sys/fs/cgroup/$file")) { local $/; $text = <$f> }
    push @counts, $text =~ /^$key (\d+)/m ? $1 : 0;
  }
  return @counts;
}

sub start {
  my ($id, $timeout, $limit, $workdir, $argv, $env, $stdin) = @_;
  my @argv = unpack '(N/a*)*', $argv;
  my $command = { id => $id, room => $limit, truncated => 0, late => 0, refused => [refusals()], stdin => $stdin };
  my ($out, $err, $feed, $out_w, $err_w, $feed_r);
  pipe($out, $out_w) && pipe($err, $err_w) && (!length $stdin || pipe($feed_r, $feed))
    or return send_frame('F', $id, "pipe: $!");
  my $pid = fork;
  return send_frame('F', $id, "fork: $!") unless defined $pid;
  if ($pid == 0) {
    POSIX::setsid();
    prctl(1, 9);
    $SIG{PIPE} = $SIG{CHLD} = 'DEFAULT';
    POSIX::dup2(fileno($feed_r // $nothing), 0);
    POSIX::dup2(fileno($out_w), 1);
    POSIX::dup2(fileno($err_w), 2);
    if (length $workdir && !chdir $workdir) {
      syswrite STDERR, "$workdir: $!\n";
      POSIX::_exit(126);
    }
    %ENV = (%ENV, unpack('(N/a*)*', $env), SKILLCRATE_EXEC => "$mark.$id.");
    { no warnings; exec { $argv[0] } @argv }
    my $missing = $! == ENOENT;
    syswrite STDERR, "$argv[0]: $!\n";
    POSIX::_exit($missing ? 127 : 126);
  }
  nonblocking($_) for $out, $err, $feed // ();
  @$command{qw(pid out err feed until)} = ($pid, $out, $err, $feed, now() + $timeout / 1000);
  $commands{$id} = $command;
}

sub take {
  my ($command, $name) = @_;
  my $file = $command->{$name} or return 0;
  my $count = sysread $file, my $data, 65536;
  return 0 if !defined $count && ($! == EAGAIN || $! == EINTR);
  if (!$count) { close $file; $command->{$name} = undef; return 0 }
  my $fitting = substr $data, 0, $command->{room};
  $command->{truncated} = 1 if length $fitting < $count;
  $command->{room} -= length $fitting;
  send_frame($name eq 'out' ? 'O' : 'E', $command->{id}, $fitting) if length $fitting;
  return 1;
}

sub feed {
  my $command = shift;
  my $count = syswrite $command->{feed}, $command->{stdin}, 65536;
  if (defined $count) { substr($command->{stdin}, 0, $count) = '' }
  elsif ($! == EAGAIN || $! == EINTR) { return }
  else { $command->{stdin} = '' }
  if (!length $command->{stdin}) { close $command->{feed}; $command->{feed} = undef }
}

sub kill_all {
  my $command = shift;
  kill 'KILL', -$command->{pid}, $command->{exited} ? () : $command->{pid};
  for (1 .. 20) {
    my $found = 0;
    open(my $list, '<', "/proc/$$/task/$$/children") or return;
    my %leader = map { $_->{pid} => 1 } values %commands;
    for my $pid (grep { !$leader{$_} } split ' ', <$list> // '') {
      open(my $file, '<', "/proc/$pid/environ") or next;
      local $/;
      next unless (<$file> // '') =~ /(?:^|\0)SKILLCRATE_EXEC=\Q$mark.$command->{id}.\E/;
      kill 'KILL', $pid;
      $found = 1;
    }
    return unless $found;
    select undef, undef, undef, 0.001;
  }
}

sub finish {
  my ($command, $status) = @_;
  $command->{exited} = 1;
  delete $commands{ $command->{id} };
  kill_all($command);
  # A pipe holds no more than this, whoever still writes to it.
  for my $name (qw(out err)) { take($command, $name) or last for 1 .. 32 }
  my @after = $status ? refusals() : @{ $command->{refused} };
  my @delta = map { my $d = $after[$_] - $command->{refused}[$_]; $d < 0 ? 0 : $d } 0, 1;
  send_frame('X', $command->{id}, pack('N C C N N', $status, $command->{late}, $command->{truncated}, @delta));
}

sub obey {
  my $message = shift;
  my ($type, $id) = unpack 'a N', $message;
  if ($type eq 'R') { start($id, unpack('x5 N N N/a* N/a* N/a* N/a*', $message)) }
  elsif ($commands{$id}) { kill_all($commands{$id}) }
}

while (length $in < 16) { sysread(STDIN, $in, 16 - length $in, length $in) or exit 0 }
($token, $in) = ($in, '');
send_frame('H', 0, '');
while (1) {
  my ($reads, $writes, $wait) = ('', '', undef);
  vec($reads, fileno($_), 1) = 1 for *STDIN, grep { $_ } map { @$_{qw(out err)} } values %commands;
  vec($writes, fileno($_), 1) = 1 for grep { $_ } map { $_->{feed} } values %commands;
  for (grep { !$_->{late} } values %commands) {
    my $left = $_->{until} - now();
    $left = 0 if $left < 0;
    $wait = $left if !defined $wait || $left < $wait;
  }
  # A signal that comes between the last look and the select ends nothing: look again soon.
  for (values %commands) {
    my $soon = $_->{out} || $_->{err} ? 0.1 : 0.02;
    $wait = $soon if !defined $wait || $soon < $wait;
  }
  my $ready = select($reads, $writes, undef, $wait);
  ($reads, $writes) = ('', '') if $ready <= 0;
  for my $command (values %commands) {
    for my $name (qw(out err)) {
      my $file = $command->{$name};
      take($command, $name) if $file && vec($reads, fileno($file), 1);
    }
    feed($command) if $command->{feed} && vec($writes, fileno($command->{feed}), 1);
  }
  while ((my $pid = waitpid(-1, POSIX::WNOHANG())) > 0) {
    my $status = $?;
    my ($command) = grep { $_->{pid} == $pid } values %commands;
    finish($command, $status) if $command;
  }
  for (grep { !$_->{late} && $_->{until} <= now() } values %commands) {
    $_->{late} = 1;
    kill_all($_);
  }
  next unless vec($reads, fileno(STDIN), 1);
  my $count = sysread STDIN, $in, 262144, length $in;
  if (defined $count && !$count) { kill_all($_) for values %commands; exit 0 }
  while (length $in >= 4 && length $in >= 4 + (my $length = unpack 'N', $in)) {
    obey(substr $in, 4, $length);
    substr($in, 0, 4 + $length) = '';
  }
}
`;
