/**
 * Recordings that the device makes by itself, each in DIR/flight/ID: begun, listed, read, stopped and deleted by these
 * commands. What lies there is described in protocol/unattended.ts.
 */
import { logPath, unattendedCommand } from '../../remote-agent/protocol/agent-cli.ts';
import type { Installation } from './install.ts';
import { IS_OURS, placeList, WHOSE } from './places-script.ts';
import { safeWord, shCommand } from './script.ts';

/** A program in the kernel may take a slow box half a minute to check; each of the probes has its turn. */
export const START_LIMIT_S = 120;
const LOG_TAIL_LINES = 40;
/** The last windows, names and the last block. */
const STOP_LIMIT_S = 30;
export const EXIT = { noFolder: 90, noDaemon: 91, agentEnded: 92, agentSilent: 93, stillRuns: 94 } as const;
export const STATUS_MARK = 'sonde-status ';

const words = (command: readonly string[]): string => command.map(safeWord).join(' ');

export function folderOf(dir: string, id: string): string {
  return `${safeWord(dir)}/flight/${safeWord(id)}`;
}

/** The plan comes on its standard input. Prints the status once the probes have answered. */
export function startScript({ dir, node, agent, loader }: Installation, id: string): string {
  const folder = folderOf(dir, id);
  const status = `${folder}/status.json`;
  return shCommand(`
    umask 077
    give_up() {
      tail -n ${LOG_TAIL_LINES} ${logPath(folder)} >&2 2>/dev/null
      rm -rf ${folder}
      exit $1
    }
    answered() { grep -q "\\"state\\":\\"[re]" ${status} 2>/dev/null; }
    mkdir -p ${dir}/flight && mkdir ${folder} || exit ${EXIT.noFolder}
    cat > ${folder}/plan.json || give_up ${EXIT.noFolder}
    pid=$(${words(unattendedCommand({ node, agent, loader, runDir: folder }))} </dev/null) || give_up ${EXIT.noDaemon}
    i=0
    while [ $i -lt ${START_LIMIT_S * 5} ]; do
      if answered; then
        cat ${status}
        exit 0
      fi
      [ -e /proc/$pid/exe ] || answered || give_up ${EXIT.agentEnded}
      i=$((i + 1))
      sleep 0.2 2>/dev/null || { sleep 1; i=$((i + 4)); }
    done
    kill $pid
    give_up ${EXIT.agentSilent}
  `);
}

const ALL_PLACES = `
umask 077
u=$(id -u)
${IS_OURS}
${WHOSE}
all="${placeList('$HOME/.cache/sonde$k $HOME/.sonde$k')}"
`;

/** `flight FOLDER BYTES PID-OR-0` and its status, for each. */
export const LIST_SCRIPT = `
${ALL_PLACES}
for d in $all; do
  is_ours "$d" || continue
  for f in "$d"/flight/*; do
    [ -d "$f" ] || continue
    alive=0
    for c in $(grep -lF "$f" /proc/[0-9]*/cmdline 2>/dev/null); do
      p=\${c#/proc/}
      p=\${p%/cmdline}
      tr "\\000" "\\n" 2>/dev/null < "$c" | grep -qx "unattended" && alive=$p
    done
    b=$(wc -c < "$f/records" 2>/dev/null)
    echo "flight $f \${b:-0} $alive"
    echo "${STATUS_MARK}$(head -c 65536 "$f/status.json" 2>/dev/null)"
  done
done
echo looked
`;

/** From a byte on, counted from 0. */
export function readScript(folder: string, offset: number): string {
  return shCommand(`exec tail -c +${offset + 1} ${safeWord(folder)}/records`);
}

/** Asks the agent to end in order and waits for it. */
export function stopScript(folder: string, pid: number): string {
  return shCommand(`
    kill -TERM ${pid} 2>/dev/null
    i=0
    while [ $i -lt ${STOP_LIMIT_S * 10} ]; do
      grep -qF ${safeWord(folder)} /proc/${pid}/cmdline 2>/dev/null || exit 0
      i=$((i + 1))
      sleep 0.1 2>/dev/null || { sleep 1; i=$((i + 9)); }
    done
    exit ${EXIT.stillRuns}
  `);
}

/** With the folder of all where this was the last. */
export function deleteScript(folder: string): string {
  const all = folder.slice(0, folder.lastIndexOf('/'));
  return shCommand(`
    rm -rf ${safeWord(folder)}
    rmdir ${safeWord(all)} 2>/dev/null
    [ -e ${folder} ] && exit 1
    exit 0
  `);
}
