/** The short commands before and after the uploads. */
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { Shell } from '../ssh/index.ts';
import { deviceWords } from './device-words.ts';
import type { Installation } from './install.ts';
import { IS_FIRM_FILE, IS_OURS } from './places-script.ts';
import { safeWord, shCommand } from './script.ts';

/** Node starts in 2.3 s the first time on an emulated box; a Pi Zero needs 10 s from a slow card. */
const NODE_TRY_TIMEOUT_MS = 60_000;

/** Makes the directory, or checks once more that it is ours: somebody may have been quicker since it was looked at. */
export async function prepareDirectory(root: Shell, dir: string, signal: AbortSignal | undefined): Promise<void> {
  const script = `
    umask 077
    u=$(id -u)
    ${IS_OURS}
    mkdir ${safeWord(dir)} 2>/dev/null
    is_ours ${dir} || { ls -ldn ${dir} >&2; exit 1; }
  `;
  const { code, stderr } = await root.exec(shCommand(script), { signal });
  if (code === 0) return;
  raise(
    'device-readonly',
    `cannot put Sonde on the device: cannot make ${dir} a directory of its own`,
    undefined,
    deviceWords(stderr.toString()),
  );
}

/** null = it runs, and nobody but root can put another program in its place; else why not. */
export async function tryNode(root: Shell, node: string, signal: AbortSignal | undefined): Promise<string | null> {
  const script = `
    u=$(id -u)
    ${IS_OURS}
    ${IS_FIRM_FILE}
    is_firm_file ${safeWord(node)} || { echo "others than root could put another program in its place" >&2; exit 1; }
    exec ${node} -p process.version
  `;
  const run = await root.exec(shCommand(script), {
    signal,
    timeoutMs: NODE_TRY_TIMEOUT_MS,
  });
  if (run.code === 0 && /^v\d+\./m.test(run.stdout.toString())) return null;
  return deviceWords(run.stderr.toString()) || `it ended with ${run.signal ?? `code ${run.code}`}`;
}

/** Notes which Node was tried, and clears away files of older versions that nothing runs from. */
export async function finishInstall(
  root: Shell,
  { dir, loader, agent, node }: Installation,
  checkedNode: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const script = `
    cd ${safeWord(dir)} || exit 1
    umask 077
    if [ "${checkedNode}" ]; then echo "${checkedNode}" > checked-node; else rm -f checked-node; fi
    used="$(ls -l /proc/[0-9]*/exe 2>/dev/null) $(cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\000" " ")"
    for f in loader-* node-* agent-*; do
      [ -f "$f" ] || continue
      case "$f" in *.part-*) continue ;; esac
      case "${[loader, agent, node].map(safeWord).join(' ')} " in *"/$f "*) continue ;; esac
      case "$used" in *"$PWD/$f"*) continue ;; esac
      rm -f "$f"
    done
  `;
  await root.exec(shCommand(script), { signal });
}
