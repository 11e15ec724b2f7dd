/** Where the fields of a probe's rows lie: what `loader describe` says, matched with what the manifest wants. */
import {
  COLUMN_FIELD,
  type ColumnSpec,
  FLOW_LENGTH,
  type ProbeManifest,
  raise,
  WIRE_VERSION,
} from '../../protocol/index.ts';

/** Rows are read as words of so many bytes. */
const WORD = 4;
/** The kernel's TASK_COMM_LEN. */
export const COMM_LENGTH = 16;

/** Output of `loader describe`; only what the agent needs of it. */
export interface LoaderDescription {
  readonly wire: { readonly version: number };
  /** What it was built for, as `uname -m` says it. */
  readonly machine: string;
  readonly probes: readonly { readonly id: string; readonly rowSize: number; readonly fields: readonly RowField[] }[];
}

export interface RowField {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** tgid tid life comm cpu cgroup stack.kernel stack.user stack.user.space fd flow u32 u64 bytes text */
  readonly kind: string;
}

/** -1 where the probe's rows have no such field. */
export interface RowLayout {
  readonly size: number;
  readonly tgid: number;
  readonly tid: number;
  /**
   * Changes whenever the process with this tgid may be another than before. Rows that have it live longer than a window,
   * and their comm is as old as they are.
   */
  readonly life: number;
  readonly comm: number;
  readonly cgroup: number;
  readonly kernelStack: number;
  readonly userStack: number;
  readonly userSpace: number;
  /** A file descriptor of the process. */
  readonly fd: number;
  /** A struct wire_flow. */
  readonly flow: number;
  /** What is not 0 in the last row of a flow. */
  readonly end: number;
  /** Nobody may know whose flow it is: such rows have tgid 0. */
  readonly mayLackOwner: boolean;
  /** In the manifest's order. */
  readonly columns: readonly RowColumn[];
  /** Those whose sum over all rows is what the counters call kept. */
  readonly counted: readonly RowColumn[];
}

export interface RowColumn {
  readonly spec: ColumnSpec;
  readonly offset: number;
  readonly size: number;
  /** Bytes that end with the first zero among them. */
  readonly isText: boolean;
}

export function parseDescription(json: string): LoaderDescription {
  let description: LoaderDescription;
  try {
    description = JSON.parse(json) as LoaderDescription;
  } catch {
    return raise('loader-start', 'cannot use the loader: it does not describe itself', undefined, json.slice(0, 500));
  }
  if (description.wire?.version !== WIRE_VERSION)
    raise(
      'agent-version',
      `cannot use the loader: it speaks version ${description.wire?.version}, the agent ${WIRE_VERSION}`,
    );
  return description;
}

export function rowLayout(description: LoaderDescription, manifest: ProbeManifest): RowLayout {
  const probe = description.probes.find(({ id }) => id === manifest.id);
  if (!probe) return raise('probe-unknown', `cannot start ${manifest.id}: the loader has no such probe`);
  const { fields, rowSize } = probe;
  const ofKind = (kind: string) => fields.find((field) => field.kind === kind);
  const at = (kind: string) => ofKind(kind)?.offset ?? -1;
  const columns = manifest.columns.map((spec) => rowColumn(spec, fields, manifest.id));
  for (const { offset, size } of fields) {
    if (offset < 0 || offset + size > rowSize) misfit(manifest.id, 'a field lies outside of the row');
    if (size >= WORD && offset % WORD !== 0) misfit(manifest.id, 'a field is not aligned');
  }
  if (rowSize % WORD !== 0) misfit(manifest.id, `rows have ${rowSize} bytes`);
  if (ofKind('tgid') && (!ofKind('tid') || ofKind('comm')?.size !== COMM_LENGTH))
    misfit(manifest.id, 'rows of a process do not say of which thread');
  const flow = ofKind('flow');
  if (flow && flow.size !== FLOW_LENGTH) misfit(manifest.id, `a flow has ${flow.size} bytes`);
  const counted = manifest.counted ?? [manifest.display.weight];
  return {
    size: rowSize,
    tgid: at('tgid'),
    tid: at('tid'),
    life: at('life'),
    comm: at('comm'),
    cgroup: at('cgroup'),
    kernelStack: at('stack.kernel'),
    userStack: at('stack.user'),
    userSpace: at('stack.user.space'),
    fd: at('fd'),
    flow: flow?.offset ?? -1,
    end: columns.find(({ spec }) => spec.ends !== undefined)?.offset ?? -1,
    mayLackOwner: flow !== undefined,
    columns,
    counted: columns.filter(({ spec: { name } }) => counted.includes(name)),
  };
}

/** thread and stack are made from several fields, cpu, file and flow from the field of that kind, all others from the one of that name. */
function rowColumn(spec: ColumnSpec, fields: readonly RowField[], probe: string): RowColumn {
  const wanted = { thread: 'tgid', stack: 'stack.user', cpu: 'cpu', file: 'fd', flow: 'flow' } as Readonly<
    Record<string, string>
  >;
  const kind = wanted[spec.type];
  const field = fields.find((one) => (kind === undefined ? one.name === spec.name : one.kind === kind));
  if (!field) return misfit(probe, `the row has no field for column ${spec.name}`);
  const isNumber = field.size === 4 || field.size === 8;
  if (COLUMN_FIELD[spec.type] !== 'blob' && spec.type !== 'flow' && !isNumber)
    return misfit(probe, `field ${field.name} has ${field.size} bytes`);
  return { spec, offset: field.offset, size: field.size, isText: field.kind === 'text' };
}

function misfit(probe: string, what: string): never {
  return raise(
    'agent-version',
    `cannot start ${probe}: agent and loader do not fit together: ${what}`,
    'Remove the agent from the device and connect again.',
  );
}
