/** Files to the device through the standard input of a command: no SFTP server is needed there. */
import { FaultError, raise } from '../../remote-agent/protocol/fault.ts';
import type { Shell, SshChannel } from '../ssh/index.ts';
import type { Artifact } from './artifacts.ts';
import { deviceWords } from './device-words.ts';
import { Patience } from './patience.ts';
import { safeWord, shCommand } from './script.ts';

/** Small enough that progress moves on a slow link, large enough to fill SSH packets. */
const CHUNK_BYTES = 64 * 1024;
const MAX_WORDS = 2000;
/** What is sent says a line or two where something is wrong. */
const MAX_SAID = 1 << 20;
/** 64 KB on a link that is almost down, or a slow card that writes what it has unpacked. */
const STALL_MS = 120_000;

/** Exit codes of the loader (bpf/loader/exit.h); the script for the loader itself uses the same. */
const EXIT = { exec: 4, shortInput: 6, wrongSum: 7, badZstd: 8, noSpace: 9 } as const;

export type UploadReport = (sentBytes: number, totalBytes: number, isDone: boolean) => void;

/**
 * A cut upload must end by the end of its input, which clears the part away: not by a signal, and not by its own last
 * words to a pipe that nobody reads any more. What is ignored here stays ignored in the program that is executed.
 */
const UNDISTURBED = 'trap "" HUP PIPE TERM';

/** The first file has no program to receive it but cat; it then checks itself, and so proves that it runs. */
export async function uploadLoader(
  root: Shell,
  dir: string,
  loader: Artifact,
  report: UploadReport,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = safeWord(loader.name);
  const script = `
    ${UNDISTURBED}
    umask 077
    cd ${safeWord(dir)} || exit 1
    for f in loader-*.part-*; do
      [ -f "$f" ] || continue
      kill -0 \${f##*-} 2>/dev/null || rm -f "$f"
    done
    p=${name}.part-$$
    trap "rm -f $p" EXIT
    cat > $p || exit ${EXIT.noSpace}
    [ "$(wc -c < $p)" -eq ${loader.travelBytes} ] || exit ${EXIT.shortInput}
    chmod 700 $p
    s=$(./$p sha256 $p) || exit ${EXIT.exec}
    case "$s" in ${safeWord(loader.sha256)}*) ;; *) exit ${EXIT.wrongSum} ;; esac
    mv -f $p ${name}
  `;
  await upload(root, shCommand(script), `${dir}/${name}`, loader, report, signal);
}

/** The loader unpacks what comes and gives the file its name only when the sum was right. */
export async function uploadPacked(
  root: Shell,
  loaderPath: string,
  dir: string,
  file: Artifact,
  mode: string,
  report: UploadReport,
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = `${safeWord(dir)}/${safeWord(file.name)}`;
  const command = `${safeWord(loaderPath)} unpack --sha256 ${safeWord(file.sha256)} --size ${file.travelBytes} -o ${path} --mode ${mode}`;
  await upload(root, shCommand(`${UNDISTURBED}\nexec ${command}`), path, file, report, signal);
}

async function upload(
  root: Shell,
  command: string,
  path: string,
  file: Artifact,
  report: UploadReport,
  signal: AbortSignal | undefined,
): Promise<void> {
  const bytes = await file.read();
  report(0, bytes.length, false);
  const channel = await root.spawn(command, { signal });
  let words = '';
  let said = 0;
  let endless = '';
  const giveUp = (why: string) => {
    endless = why;
    channel.kill();
  };
  const patience = new Patience(STALL_MS, () => giveUp(`nothing has moved for ${STALL_MS / 1000} s`));
  channel.stdout.resume();
  channel.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-MAX_WORDS);
    said += chunk.length;
    if (said > MAX_SAID) giveUp('the device complains without end');
  });
  try {
    await pump(channel, bytes, (sent) => {
      patience.renew();
      report(sent, bytes.length, false);
    });
  } catch {
    // The far side has stopped listening: its exit code says why.
  }
  const { code, signal: killed } = await channel.exit;
  patience.end();
  if (endless !== '' && !signal?.aborted)
    raise('upload-failed', `cannot send ${path} to the device: ${endless}`, undefined, deviceWords(words));
  if (signal?.aborted) raise('cancelled', `sending ${path} was cancelled`);
  if (code !== 0) throw new FaultError(uploadFault(path, code, killed, deviceWords(words)));
  report(bytes.length, bytes.length, true);
}

async function pump(channel: SshChannel, bytes: Buffer, onSent: (sentBytes: number) => void): Promise<void> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    await new Promise<void>((resolve, reject) =>
      channel.stdin.write(chunk, (error) => (error ? reject(error) : resolve())),
    );
    onSent(at + chunk.length);
  }
  channel.stdin.end();
}

function uploadFault(path: string, code: number | null, killed: string | null, detail: string) {
  const failed = `cannot send ${path} to the device`;
  if (code === EXIT.noSpace || /no space left|disk quota/i.test(detail)) {
    return {
      code: 'device-full' as const,
      message: `${failed}: there is no room left`,
      hint: 'Free some space on the device and try again. What was sent is removed.',
      detail,
    };
  }
  if (code === EXIT.exec || code === 126) {
    return {
      code: 'device-noexec' as const,
      message: `${failed}: it may not be executed there`,
      hint: 'A security module or a mount option forbids it: see mount and dmesg on the device.',
      detail,
    };
  }
  if (code === null && killed === null)
    return { code: 'link-lost' as const, message: `${failed}: the connection ended`, detail };
  const why =
    code === EXIT.shortInput
      ? 'it did not arrive whole'
      : code === EXIT.wrongSum || code === EXIT.badZstd
        ? 'it arrived damaged'
        : `the device ended with ${killed ?? `code ${code}`}`;
  return {
    code: 'upload-failed' as const,
    message: `${failed}: ${why}`,
    hint: 'Try again. The device keeps only files that arrived whole.',
    detail,
  };
}
