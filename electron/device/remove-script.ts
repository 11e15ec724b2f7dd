/**
 * Ends every process of Sonde and deletes its directories, then looks again. A process is Sonde's when its program lies
 * in one of our directories, or when one of its arguments is our agent there (the device's own Node runs it).
 *
 *   killed PID WORDS…    removed PATH    left-process PID WORDS…    left-path PATH    others PATH
 *
 * What other people who become root here have is theirs: it is told, and stays.
 */
import { IS_OURS, placeList, TRY_NAME, WHOSE } from './places-script.ts';

/** The agent says goodbye to its client and ends the loader: half a second on a busy box. In tenths. */
const GRACE_TENTHS = 30;

export const REMOVE_SCRIPT = `
umask 077
u=$(id -u)
${IS_OURS}
${WHOSE}
all="${placeList('$HOME/.cache/sonde$k $HOME/.sonde$k')}"
ours=
for d in $all; do
  is_ours "$d" && ours="$ours $d"
  # What a look that was cut short left.
  for t in \${d%/*}/${TRY_NAME}-*; do is_ours "$t" && ours="$ours $t"; done
done

find_pids() {
  pids=
  for d in $ours; do
    for p in $(ls -l /proc/[0-9]*/exe 2>/dev/null | sed -n "s#.* /proc/\\([0-9]*\\)/exe -> $d/.*#\\1#p"); do
      pids="$pids $p"
    done
    for f in $(grep -lF "$d/agent-" /proc/[0-9]*/cmdline 2>/dev/null); do
      p=\${f#/proc/}
      p=\${p%/cmdline}
      case " $pids " in *" $p "*) continue ;; esac
      tr "\\000" "\\n" 2>/dev/null < "$f" | grep -q "^$d/agent-" && pids="$pids $p"
    done
  done
}
tell() { echo "$1 $2 $(tr "\\000" " " 2>/dev/null < /proc/$2/cmdline)"; }

find_pids
for p in $pids; do tell killed $p; done
[ "$pids" ] && kill -TERM $pids 2>/dev/null
i=0
while [ "$pids" ] && [ $i -lt ${GRACE_TENTHS} ]; do
  sleep 0.1 2>/dev/null || { sleep 1; i=$((i + 9)); }
  i=$((i + 1))
  find_pids
done
[ "$pids" ] && kill -KILL $pids 2>/dev/null && sleep 1
for d in $ours; do rm -rf "$d" && echo "removed $d"; done
find_pids
for p in $pids; do tell left-process $p; done
for d in $ours; do [ -e "$d" ] && echo "left-path $d"; done
for d in /var/lib/sonde /var/lib/sonde-[0-9]* $HOME/.cache/sonde $HOME/.cache/sonde-[0-9]* $HOME/.sonde $HOME/.sonde-[0-9]* /opt/sonde /opt/sonde-[0-9]* /run/sonde /run/sonde-[0-9]* /var/tmp/sonde-0* /dev/shm/sonde-0* /tmp/sonde-0*; do
  case " $all " in *" $d "*) continue ;; esac
  is_ours "$d" && echo "others $d"
done
echo looked-again
`;
