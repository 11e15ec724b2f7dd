/**
 * What the arguments of system calls are, by name: "openat at path oflags mode". The agent takes from it which argument
 * is a path or a file descriptor; people see arguments written by it (arguments.ts). Calls that are not here, and what
 * follows an `off` in a table of 32-bit processes, where a 64-bit number takes two registers, are shown as numbers.
 */

/** The kinds are written in arguments.ts. */
export type ArgumentKind =
  | 'at' // file descriptor of a folder, or AT_FDCWD
  | 'clock'
  | 'family'
  | 'fd' // file descriptor that the call works on
  | 'fdn' // file descriptor that is another file's afterwards: nobody is asked what it is
  | 'hex'
  | 'int'
  | 'mode'
  | 'oflags'
  | 'off' // 64 bits wide
  | 'path'
  | 'prot'
  | 'ptr'
  | 'signal'
  | 'size'
  | 'socktype'
  | 'whence';

const SIGNATURES = `
accept fd ptr ptr
accept4 fd ptr ptr hex
access path mode
bind fd ptr size
chdir path
chmod path mode
chown path int int
chroot path
clock_nanosleep clock hex ptr ptr
clock_nanosleep_time64 clock hex ptr ptr
close fdn
connect fd ptr size
copy_file_range fd ptr fd ptr size hex
creat path mode
dup fd
dup2 fd fdn
dup3 fd fdn oflags
epoll_ctl fd int fd ptr
epoll_pwait fd ptr int int ptr size
epoll_pwait2 fd ptr int ptr ptr size
epoll_wait fd ptr int int
execve path ptr ptr
execveat at path ptr ptr hex
faccessat at path mode
faccessat2 at path mode hex
fadvise64 fd off size int
fallocate fd hex off off
fchdir fd
fchmod fd mode
fchmodat at path mode
fchown fd int int
fchownat at path int int hex
fcntl fd int hex
fcntl64 fd int hex
fdatasync fd
fgetxattr fd ptr ptr size
flock fd int
fsetxattr fd ptr ptr size hex
fstat fd ptr
fstat64 fd ptr
fstatat64 at path ptr hex
fstatfs fd ptr
fsync fd
ftruncate fd off
futex ptr hex int ptr ptr hex
futex_time64 ptr hex int ptr ptr hex
getdents fd ptr size
getdents64 fd ptr size
getpeername fd ptr ptr
getrandom ptr size hex
getsockname fd ptr ptr
getsockopt fd int int ptr ptr
getxattr path ptr ptr size
inotify_add_watch fd path hex
io_getevents hex int int ptr ptr
io_pgetevents hex int int ptr ptr ptr
io_pgetevents_time64 hex int int ptr ptr ptr
io_uring_enter fd size size hex ptr size
ioctl fd hex hex
kill int signal
lchown path int int
lgetxattr path ptr ptr size
link path ptr
linkat at path int ptr hex
listen fd int
listxattr path ptr size
lseek fd off whence
lsetxattr path ptr ptr size hex
lstat path ptr
lstat64 path ptr
madvise ptr size int
mkdir path mode
mkdirat at path mode
mknod path mode hex
mknodat at path mode hex
mlock ptr size
mmap ptr size prot hex fd off
mmap2 ptr size prot hex fd size
mount ptr path ptr hex ptr
mprotect ptr size prot
mq_timedreceive fd ptr size ptr ptr
mq_timedreceive_time64 fd ptr size ptr ptr
mq_timedsend fd ptr size int ptr
mremap ptr size size hex ptr
msgrcv int ptr size int hex
msync ptr size hex
munmap ptr size
name_to_handle_at at path ptr ptr hex
nanosleep ptr ptr
newfstatat at path ptr hex
open path oflags mode
openat at path oflags mode
openat2 at path ptr size
pause
pidfd_open int hex
pipe ptr
pipe2 ptr oflags
pivot_root path ptr
poll ptr size int
ppoll ptr size ptr ptr size
ppoll_time64 ptr size ptr ptr size
pread64 fd ptr size off
preadv fd ptr int hex hex
pselect6 int ptr ptr ptr ptr ptr
pselect6_time64 int ptr ptr ptr ptr ptr
pwrite64 fd ptr size off
pwritev fd ptr int hex hex
quotactl hex ptr int ptr
read fd ptr size
readahead fd off size
readlink path ptr size
readlinkat at path ptr size
readv fd ptr int
recvfrom fd ptr size hex ptr ptr
recvmmsg fd ptr int hex ptr
recvmmsg_time64 fd ptr int hex ptr
recvmsg fd ptr hex
rename path ptr
renameat at path int ptr
renameat2 at path int ptr hex
restart_syscall
rmdir path
rt_sigsuspend ptr size
rt_sigtimedwait ptr ptr ptr size
rt_sigtimedwait_time64 ptr ptr ptr size
select int ptr ptr ptr ptr
semop int ptr size
semtimedop int ptr size ptr
semtimedop_time64 int ptr size ptr
sendfile fd fd ptr size
sendfile64 fd fd ptr size
sendmmsg fd ptr int hex
sendmsg fd ptr hex
sendto fd ptr size hex ptr size
setsockopt fd int int ptr size
setxattr path ptr ptr size hex
shutdown fd int
sigsuspend
socket family socktype int
socketpair family socktype int ptr
splice fd ptr fd ptr size hex
stat path ptr
stat64 path ptr
statfs path ptr
statfs64 path size ptr
statx at path hex hex ptr
swapoff path
swapon path hex
symlink path ptr
symlinkat path int ptr
sync
syncfs fd
tee fd fd size hex
tgkill int int signal
timerfd_gettime fd ptr
timerfd_settime fd hex ptr ptr
tkill int signal
truncate path off
umount path
umount2 path hex
unlink path
unlinkat at path hex
utime path ptr
utimensat at path ptr hex
utimensat_time64 at path ptr hex
utimes path ptr
vmsplice fd ptr size hex
wait4 int ptr hex ptr
waitid int int ptr hex ptr
waitpid int ptr hex
write fd ptr size
writev fd ptr int
`;

/** Calls that are there to wait: that they take long says nothing. */
const WAITING = new Set(
  `clock_nanosleep clock_nanosleep_time64 epoll_pwait epoll_pwait2 epoll_wait futex futex_time64 futex_wait futex_waitv
  io_getevents io_pgetevents io_pgetevents_time64 nanosleep _newselect pause poll ppoll ppoll_time64 pselect6
  pselect6_time64 restart_syscall rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 select sigsuspend wait4 waitid
  waitpid`.split(/\s+/),
);

let byName: ReadonlyMap<string, readonly ArgumentKind[]> | null = null;

/** Of i386 the calls of these names take one pointer, to where all their arguments are. */
const I386 = 2;
const PACKED_CALLS = ['mmap', 'select'];

/** null: not known. */
export function signatureOf(name: string, table: number): readonly ArgumentKind[] | null {
  if (table === I386 && PACKED_CALLS.includes(name)) return null;
  byName ??= unpacked();
  return byName.get(name) ?? null;
}

export function isWaiting(name: string): boolean {
  return WAITING.has(name);
}

function unpacked(): ReadonlyMap<string, readonly ArgumentKind[]> {
  const lines = SIGNATURES.trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', ...kinds] = line.split(' ');
      return [name, kinds as ArgumentKind[]];
    }),
  );
}
