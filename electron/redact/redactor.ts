/** One Signal after the other as others may see it. Holds what stands for what, so that it is the same in all of them. */
import {
  type DefinitionsSignal,
  type DeviceSignal,
  FAULT_CODES,
  type Fault,
  findProbe,
  type Mark,
  type NoteSignal,
  type ProbeSignal,
  type Signal,
  TRIGGER_KINDS,
} from '../../remote-agent/protocol/index.ts';
import { REDACTION_KIND_NAMES, type RedactionPreview, type RedactionRules } from '../bridge/redaction.ts';
import { Ledger } from './ledger.ts';
import { StandIns } from './stand-ins.ts';
import { redactWindow } from './window.ts';

const MACHINES =
  /^(?:x86_64|i[3-6]86|aarch64(?:_be)?|arm(?:v[5-8]\w{0,2})?|riscv(?:32|64)|mips(?:64)?(?:el)?|ppc(?:64)?(?:le)?|s390x|loongarch64)$/;
const VERSION = /^v?\d+(?:\.\d+){0,3}(?:-[a-z]+\.?\d*)?$/;
const RUN_ID_DIGITS = 32;
const BOOT_ID_DIGITS = 32;

export class Redactor {
  readonly rules: RedactionRules;
  /** False: Signals pass as they are. */
  readonly hidesAnything: boolean;
  private readonly ledger = new Ledger();
  private readonly standIns: StandIns;
  /** Of the current agent run: what is the kernel's own has names that everybody knows. */
  private kernelProcesses = new Set<number>();
  private kernelModules = new Set<number>();
  private kernelFrames = new Set<number>();

  constructor(rules: RedactionRules) {
    this.rules = rules;
    this.hidesAnything = REDACTION_KIND_NAMES.some((kind) => rules[kind]);
    this.standIns = new StandIns(rules, this.ledger);
  }

  /** Of what came so far. */
  preview(): RedactionPreview {
    return { rules: this.rules, kinds: this.ledger.findings() };
  }

  redact(signal: Signal): Signal {
    const redacted = this.visit(signal);
    return this.hidesAnything ? redacted : signal;
  }

  private visit(signal: Signal): Signal {
    switch (signal.kind) {
      case 'device':
        return this.device(signal);
      case 'definitions':
        return this.definitions(signal);
      case 'window':
        return redactWindow(signal, this.standIns);
      case 'probe':
        return this.probe(signal);
      case 'note':
        return this.noteSignal(signal);
      case 'clock':
      case 'cost':
        return signal;
    }
  }

  marks(marks: readonly Mark[]): readonly Mark[] {
    return marks.map((mark, i) => ({ ...mark, id: `mark-${i + 1}`, text: this.standIns.note(mark.text) }));
  }

  process(name: string): string {
    return this.standIns.process(name);
  }

  thread(name: string): string {
    return this.standIns.thread(name);
  }

  container(name: string): string {
    return this.standIns.container(name);
  }

  /** `[user@]host[:port]` */
  destination(text: string): string {
    const [, user, host = '', port = ''] = /^(?:ssh:\/\/)?(?:([^@]*)@)?(.*?)(:\d+)?$/.exec(text) ?? [];
    const named = /^[\d.]+$|:/.test(host)
      ? this.standIns.address(host.replace(/^\[|\]$/g, ''))
      : this.standIns.host(host);
    return `${user === undefined ? '' : `${this.standIns.user(user)}@`}${named}${port}`;
  }

  hostname(text: string): string {
    return this.standIns.host(text);
  }

  private device(device: DeviceSignal): DeviceSignal {
    const { standIns } = this;
    this.kernelProcesses = new Set();
    this.kernelModules = new Set();
    this.kernelFrames = new Set();
    return {
      ...device,
      hostname: standIns.host(device.hostname),
      machine: MACHINES.test(device.machine) ? device.machine : 'unknown',
      kernelRelease: standIns.hardware(device.kernelRelease, /^\d+(?:\.\d+)*/.exec(device.kernelRelease)?.[0] ?? ''),
      kernelVersion: standIns.hardware(device.kernelVersion),
      osName: standIns.hardware(device.osName),
      cpuModel: standIns.hardware(device.cpuModel),
      hardwareModel: standIns.hardware(device.hardwareModel),
      bootId: standIns.id(device.bootId, BOOT_ID_DIGITS),
      runId: standIns.id(device.runId, RUN_ID_DIGITS),
      agentVersion: VERSION.test(device.agentVersion) ? device.agentVersion : '',
      nodeVersion: VERSION.test(device.nodeVersion) ? device.nodeVersion : '',
    };
  }

  private definitions(signal: DefinitionsSignal): DefinitionsSignal {
    const { standIns } = this;
    for (const { id, kernelThread } of signal.processes) if (kernelThread) this.kernelProcesses.add(id);
    for (const { id, kind } of signal.modules) if (kind === 'kernel') this.kernelModules.add(id);
    for (const { id, module } of signal.frames) if (this.kernelModules.has(module)) this.kernelFrames.add(id);
    return {
      ...signal,
      processes: signal.processes.map((process) =>
        process.kernelThread
          ? { ...process, exe: '', commandLine: '' }
          : {
              ...process,
              comm: standIns.process(process.comm),
              exe: standIns.program(process.exe),
              unit: standIns.unit(process.unit),
              container: standIns.container(process.container),
              containerId: standIns.container(process.containerId),
              cgroup: standIns.cgroup(process.cgroup),
              commandLine: standIns.commandLine(process.commandLine),
              uid: standIns.userId(process.uid),
            },
      ),
      threads: signal.threads.map((thread) =>
        this.kernelProcesses.has(thread.process) ? thread : { ...thread, comm: standIns.thread(thread.comm) },
      ),
      modules: signal.modules.map((module) =>
        module.kind === 'kernel'
          ? module
          : {
              ...module,
              path: module.kind === 'executable' ? standIns.program(module.path) : standIns.path(module.path),
              buildId: standIns.buildId(module.buildId),
            },
      ),
      frames: signal.frames.map((frame) =>
        this.kernelFrames.has(frame.id)
          ? frame
          : {
              ...frame,
              name: standIns.symbol(frame.name, frame.interpreted),
              // With its build, an offset says which function it is.
              offset: this.rules.symbols ? frame.id : frame.offset,
            },
      ),
      names: signal.names.map((name) =>
        this.kernelFrames.has(name.frame) ? name : { ...name, name: standIns.symbol(name.name, name.interpreted) },
      ),
      flows: signal.flows.map((flow) => ({
        ...flow,
        localAddress: standIns.address(flow.localAddress),
        remoteAddress: standIns.address(flow.remoteAddress),
      })),
      addressNames: signal.addressNames.map(({ address, name, source }) => ({
        address: standIns.address(address),
        name: standIns.domain(name),
        source,
      })),
    };
  }

  private noteSignal({ trigger, ...note }: NoteSignal): NoteSignal {
    const kept = trigger === undefined ? null : this.trigger(trigger);
    return { ...note, text: this.standIns.note(note.text), ...(kept === null ? {} : { trigger: kept }) };
  }

  /** Numbers and names of calls stay; null for what is written like no trigger. */
  private trigger(text: string): string | null {
    const kind = TRIGGER_KINDS.find(({ pattern }) => pattern.test(text));
    if (!kind) return null;
    return kind.kind === 'process' ? text.replace(/(?<=:).*/s, (comm) => this.standIns.process(comm)) : text;
  }

  private probe(signal: ProbeSignal): ProbeSignal {
    const { what } = signal;
    const probe = findProbe(signal.probe) ? signal.probe : 'unknown';
    switch (what.kind) {
      case 'started':
        return { ...signal, probe, what: { ...what, options: this.options(probe, what.options) } };
      case 'stopped':
      case 'restarted':
        return {
          ...signal,
          probe,
          what: { ...what, reason: this.standIns.message(what.reason, 'for a reason that is hidden') },
        };
      case 'failed':
        return { ...signal, probe, what: { ...what, fault: this.fault(what.fault, probe) } };
    }
  }

  private fault({ code, message, hint, detail, probe }: Fault, signalProbe: string): Fault {
    const { standIns, rules } = this;
    return {
      code,
      message: standIns.message(message, FAULT_CODES[code]),
      ...(hint !== undefined && !rules.notes ? { hint: standIns.text(hint) } : {}),
      ...(detail !== undefined && !rules.notes ? { detail: standIns.text(detail) } : {}),
      ...(probe === undefined ? {} : { probe: findProbe(probe) ? probe : signalProbe }),
    };
  }

  /** What the manifest does not know of is not in the options. */
  private options(probe: string, options: Readonly<Record<string, string>>): Record<string, string> {
    const specs = findProbe(probe)?.options ?? [];
    return Object.fromEntries(
      specs.flatMap((spec): [string, string][] => {
        const value = options[spec.name];
        if (value === undefined) return [];
        if (spec.kind === 'integer') return /^\d{1,15}$/.test(value) ? [[spec.name, value]] : [];
        if (spec.names) return new RegExp(`^(?:${spec.pattern})$`).test(value) ? [[spec.name, value]] : [];
        return [[spec.name, spec.name === 'cgroup' ? this.standIns.cgroup(value) : this.standIns.text(value)]];
      }),
    );
  }
}
