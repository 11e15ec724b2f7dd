/**
 * A session host: the utility process in which one session lives, live or replayed. It speaks with main about its job
 * and with the window, over a port of its own, about everything else. Wires the rooms; decides nothing.
 */
import type { MessageEvent, MessagePortMain } from 'electron';
import { type HostJob, type HostToMain, isMainToHost, type PortToHost } from './bridge/index.ts';
import { forgetHostKey } from './host/forget-key-job.ts';
import { exportFromRecording } from './host/export-from-recording.ts';
import { ExportDesk } from './host/export-desk.ts';
import { ShareDesk } from './host/share-desk.ts';
import { SummaryDesk } from './host/summary-desk.ts';
import { Grants } from './host/grants.ts';
import { lookAt } from './host/look-job.ts';
import { startFile } from './host/import-job.ts';
import { startLive } from './host/live-job.ts';
import type { RunningJob } from './host/running-job.ts';
import { WindowPort } from './host/window-port.ts';

// A bug ends the process, whatever kind it is: the window says so, and the recording is readable to its last second.
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (bug: unknown) => {
    console.error(bug);
    process.exit(1);
  });

const grants = new Grants();
const desk = new ExportDesk(exportFromRecording, grants);
const sharing = new ShareDesk(grants);
const summaries = new SummaryDesk();
let job: RunningJob | null = null;

process.parentPort.on('message', ({ data, ports }: MessageEvent) => {
  if (!isMainToHost(data)) throw new Error('main sent a message of unknown shape');
  switch (data.kind) {
    case 'job':
      return begin(data.job, ports[0]);
    case 'grant-file':
      return grants.grant(data.file);
    case 'close':
      return leave();
    default:
      throw new Error(`unknown message ${JSON.stringify(data satisfies never)}`);
  }
});

function begin(description: HostJob, port: MessagePortMain | undefined): void {
  if (description.kind === 'look') {
    void lookAt(description.files, (file, about) => process.parentPort.postMessage({ file, about })).then(leave);
    return;
  }
  if (description.kind === 'forget-host-key') {
    void forgetHostKey(description.destination)
      .then((told) => process.parentPort.postMessage(told))
      .then(leave);
    return;
  }
  if (!port || job) throw new Error('a job comes once, with a port');
  const window = new WindowPort(port, { onMessage: (message) => receive(message, window), onClose: leave });
  job =
    description.kind === 'live'
      ? startLive(description, window, grants, tellMain)
      : startFile(description.file, window);
}

function receive(message: Exclude<PortToHost, { kind: 'ack' }>, window: WindowPort): void {
  if (!job) return;
  switch (message.kind) {
    case 'answer':
      return job.answer(message.prompt, message.value, message.keep);
    case 'disconnect':
      return job.disconnect();
    case 'reconnect-now':
      return job.reconnectNow();
    case 'start-probe':
      return job.startProbe(message.probe, message.options);
    case 'stop-probe':
      return job.stopProbe(message.probe);
    case 'start-capture':
      return job.startCapture(message.order);
    case 'stop-capture':
      return job.stopCapture();
    case 'keep-last':
      return job.keepLast(message.seconds);
    case 'set-triggers':
      return job.setTriggers(message.triggers, message.keep);
    case 'record-unattended':
      return job.recordUnattended(message.order);
    case 'fetch-recording':
      return job.fetchRecording(message.id);
    case 'delete-recording':
      return job.deleteRecording(message.id);
    case 'set-marks':
      return job.setMarks(message.marks);
    case 'show-range':
      return job.showRange(message.fromNs, message.toNs);
    case 'preview-redaction':
      void sharing.preview(job.recordingFile, message).then((preview) => window.send(preview));
      return;
    case 'share':
      void sharing.share(job.recordingFile, message).then((exported) => window.send(exported));
      return;
    case 'cancel-exports':
      void Promise.all([desk.cancel(), sharing.cancel()]);
      return;
    case 'cancel-summary':
      return summaries.cancel();
    case 'summarise':
      void summaries
        .make(job.recordingFile, message, (progress) => window.send(progress), job.ordering)
        .then((summary) => window.send(summary));
      return;
    case 'export': {
      const { request, file } = message;
      void desk
        .run(job.recordingFile, message)
        .then((fault) => window.send({ kind: 'exported', request, file, fault }));
      return;
    }
    default:
      throw new Error(`unknown message ${JSON.stringify(message satisfies never)}`);
  }
}

/** The window or main is gone or done with us: the session ends in order, then the process. */
function leave(): void {
  // What is being written would stay behind half.
  const closing = [job?.close(), desk.cancel(), sharing.cancel()];
  void Promise.all(closing).then(() => process.exit(0));
}

function tellMain(message: HostToMain): void {
  process.parentPort.postMessage(message);
}
