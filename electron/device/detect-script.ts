/** One look at the device, as one script: each exec costs a round trip and, on a small box, a tenth of a second. */
import { PLACES_SCRIPT } from './places-script.ts';
import { type DeviceSection, sectionStart } from './sections.ts';

const start = (section: DeviceSection) => `echo "${sectionStart(section)}"`;

/** Read with one `head`: several files give it headlines to cut at. */
export const KERNEL_FILES = [
  '/proc/mounts',
  '/proc/meminfo',
  '/proc/sys/kernel/random/boot_id',
  '/proc/sys/kernel/perf_event_paranoid',
  '/proc/sys/kernel/unprivileged_bpf_disabled',
  '/proc/sys/kernel/kptr_restrict',
  '/sys/kernel/security/lockdown',
  '/sys/devices/system/cpu/online',
  '/etc/os-release',
] as const;

/** CONFIG_ options that decide whether a probe can work. */
export const CONFIG_OPTIONS = [
  'BPF_EVENTS',
  'BPF_JIT',
  'BPF_SYSCALL',
  'CGROUP_BPF',
  'DEBUG_INFO_BTF',
  'FTRACE_SYSCALLS',
  'KALLSYMS',
  'KPROBE_EVENTS',
  'PERF_EVENTS',
  'TRACEPOINTS',
  'UPROBE_EVENTS',
] as const;

export const DETECT_SCRIPT = `
LC_ALL=C
export LC_ALL
${start('uname')}
uname -snrm
${start('id')}
id
${start('home')}
echo "$HOME"
${start('files-of-the-kernel')}
head -n 200 ${KERNEL_FILES.join(' ')} 2>/dev/null
${start('present')}
[ -r /sys/kernel/btf/vmlinux ] && echo btf
[ -r /proc/kallsyms ] && echo kallsyms
for f in /lib/ld-musl-*; do [ -e "$f" ] && echo musl; done
for f in /lib*/ld-linux*.so.* /lib/*/ld-linux*.so.*; do [ -e "$f" ] && echo glibc; done
${start('config')}
c=/boot/config-$(uname -r)
if [ -r "$c" ]; then
  grep -E "^CONFIG_(${CONFIG_OPTIONS.join('|')})=" "$c"
  echo readable
elif [ -r /proc/config.gz ]; then
  zcat /proc/config.gz 2>/dev/null | grep -E "^CONFIG_(${CONFIG_OPTIONS.join('|')})=" && echo readable
fi
${start('node')}
PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/opt/bin
seen=
for n in $(command -v node) $(command -v nodejs) /usr/local/bin/node /usr/bin/node /usr/bin/nodejs /opt/node*/bin/node /usr/lib/node*/bin/node /usr/local/lib/node*/bin/node /root/.nvm/versions/node/*/bin/node; do
  [ -x "$n" ] || continue
  case " $seen " in *" $n "*) continue ;; esac
  seen="$seen $n"
  v=$("$n" --version 2>/dev/null </dev/null) && echo "$n $v"
done
${start('libc')}
getconf GNU_LIBC_VERSION 2>/dev/null
${start('sudo')}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
if [ "$(id -u)" = 0 ]; then
  echo root
else
  command -v sudo >/dev/null && { echo sudo; sudo -n true </dev/null 2>&1 && echo sudo-free; }
  command -v doas >/dev/null && doas -n true </dev/null >/dev/null 2>&1 && echo doas-free
fi
${start('clock')}
date +%s
if [ "$(id -u)" = 0 ]; then
${PLACES_SCRIPT}
fi
${start('end')}
`;
