/** Starts an agent and joins the channel to it, in one command: an exec costs a small box a tenth of a second and more. */
import {
  daemonCommand,
  logPath,
  relayCommand,
  type ServePaths,
  socketPath,
} from '../../remote-agent/protocol/agent-cli.ts';
import { safeWord, shCommand } from './script.ts';

/** A Pi Zero reads Node from its card in 10 s; an agent that died is noticed at once. */
export const START_LIMIT_S = 30;
const LOG_TAIL_LINES = 40;
/** Of relay, in bpf/loader/exit.h. */
export const EXIT_CONNECT = 3;
export const EXIT = { noRunDir: 90, noDaemon: 91, agentEnded: 92, agentSilent: 93 } as const;

const words = (command: readonly string[]): string => command.map(safeWord).join(' ');

export function dialCommand(paths: ServePaths): string {
  const run = safeWord(paths.runDir);
  const runs = run.slice(0, run.lastIndexOf('/'));
  return shCommand(`
    umask 077
    give_up() {
      tail -n ${LOG_TAIL_LINES} ${logPath(run)} >&2 2>/dev/null
      rm -rf ${run}
      exit $1
    }
    mkdir -p ${runs} && mkdir ${run} || exit ${EXIT.noRunDir}
    pid=$(${words(daemonCommand(paths))} </dev/null) || give_up ${EXIT.noDaemon}
    ${sweepRuns(runs)}
    i=0
    while [ $i -lt ${START_LIMIT_S * 20} ]; do
      if [ -S ${socketPath(run)} ]; then
        ${words(relayCommand(paths.loader, run))}
        r=$?
        [ $r -eq ${EXIT_CONNECT} ] || exit $r
      fi
      # Not kill -0: a dead process that nobody has waited for yet still takes signals.
      [ -e /proc/$pid/exe ] || give_up ${EXIT.agentEnded}
      i=$((i + 1))
      sleep 0.05 2>/dev/null || { sleep 1; i=$((i + 19)); }
    done
    kill $pid
    give_up ${EXIT.agentSilent}
  `);
}

export function redialCommand(loader: string, runDir: string): string {
  return shCommand(`
    ${words(relayCommand(loader, runDir))}
    r=$?
    [ $r -eq ${EXIT_CONNECT} ] && tail -n ${LOG_TAIL_LINES} ${safeWord(logPath(runDir))} >&2
    exit $r
  `);
}

/**
 * Directories of runs that ended without cleaning up (power cut, kill -9). Done while the new agent starts. One younger
 * than five minutes may belong to an agent that another workstation starts right now.
 */
function sweepRuns(runs: string): string {
  return `
    set -- ${runs}/*
    if [ $# -gt 1 ]; then
      used=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\000" "\\n" | grep "^${runs}/")
      for x in $(find ${runs} -mindepth 1 -maxdepth 1 -type d -mmin +5 2>/dev/null); do
        case "$used" in *"$x"*) ;; *) rm -rf "$x" ;; esac
      done
    fi
  `;
}
