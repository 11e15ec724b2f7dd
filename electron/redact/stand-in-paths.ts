/** Paths that stand for others: as deep as before, with the same ending, and the folders that every Linux has. */
import { Numbers } from './numbers.ts';

const COMMON: ReadonlySet<string> = new Set(
  '. .. ~ bin boot dev etc home lib lib32 lib64 libexec media mnt opt proc root run sbin share srv sys tmp usr var local log cache data fd self task null zero random urandom dist-packages site-packages node_modules x86_64-linux-gnu aarch64-linux-gnu arm-linux-gnueabihf riscv64-linux-gnu i386-linux-gnu libc.so.6 libm.so.6 libpthread.so.0 libdl.so.2 librt.so.1 libgcc_s.so.1 libstdc++.so.6 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-linux-armhf.so.3 passwd group hosts resolv.conf nsswitch.conf ld.so.cache localtime'.split(
    ' ',
  ),
);
/** Numbers, interpreters' folders, and devices that are numbered alike everywhere. */
const COMMON_FORM =
  /^(?:\d+|python\d(?:\.\d+)?|(?:tty|ttyS|ttyUSB|ttyAMA|ttyACM|sd[a-z]|nvme|mmcblk|loop|ram|video|i2c-|spidev|hidraw)[\dnp.]*)$/;
/** What is no path although a file descriptor may be it: "pipe:[41]", "anon_inode:[eventpoll]". */
const NO_PATH =
  /^(?:pipe|socket|mnt|net|anon_inode):\[?[\w ]*\]?$|^\[(?:vdso|vvar|vsyscall|heap|stack|kernel|unknown|lost)\]$/;
const ENDING = /(?:\.so(?:\.\d+)*|\.[a-z][a-z0-9]{0,4})$/;
const DELETED = ' (deleted)';

export class StandInPaths {
  private readonly folders = new Numbers();
  private readonly files = new Numbers();

  /** `known`: what a part is called already, because it is a process, a user …; null = nothing. */
  of(path: string, known: (part: string) => string | null): string {
    if (path === '' || NO_PATH.test(path)) return path;
    if (path.endsWith(DELETED)) return this.of(path.slice(0, -DELETED.length), known) + DELETED;
    const parts = path.split('/');
    return parts.map((part, i) => this.part(part, i === parts.length - 1, known)).join('/');
  }

  private part(part: string, isLast: boolean, known: (part: string) => string | null): string {
    if (part === '' || COMMON.has(part) || COMMON_FORM.test(part)) return part;
    const called = known(part);
    if (called !== null) return called;
    if (!isLast) return `dir-${this.folders.of(part)}`;
    return `file-${this.files.of(part)}${ENDING.exec(part)?.[0] ?? ''}`;
  }
}

/** The user whose home folder a path is in; null = it is in none, or in that of root. */
export function homeOf(path: string): string | null {
  return /(?:^|[/=:\s"'])(?:home|Users)\/([^/\s"':]+)/.exec(path)?.[1] ?? null;
}
