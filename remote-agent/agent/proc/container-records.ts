/** Where a container's name stands in the files of each engine. Pure; `null` and anything unexpected give ''. */

export type Json = Readonly<Record<string, unknown>>;

const MAX_NAME_LENGTH = 128;
const NAMESPACE_NAME = 'nerdctl/name';

/** config.v2.json: `"Name": "/mosquitto"`. */
export function dockerName(config: Json | null): string {
  return text(config?.['Name']).replace(/^\//, '');
}

/** containers.json: `[{ "id": "…", "names": ["mosquitto"], … }]`. */
export function podmanName(list: Json | null, id: string): string {
  if (!Array.isArray(list)) return '';
  const entry = list.find((each: unknown) => isObject(each) && each['id'] === id) as Json | undefined;
  const names = entry?.['names'];
  return Array.isArray(names) ? text(names[0]) : '';
}

/** config.json of the OCI: names are annotations, which containerd and CRI-O call differently. */
export function ociName(config: Json | null): string {
  const notes = config?.['annotations'];
  if (!isObject(notes)) return '';
  const pod = text(notes['io.kubernetes.cri.sandbox-name']) || text(notes['io.kubernetes.pod.name']);
  const name = text(notes['io.kubernetes.cri.container-name']) || text(notes['io.kubernetes.container.name']);
  const isSandbox = [notes['io.kubernetes.cri.container-type'], notes['io.kubernetes.cri-o.ContainerType']];
  if (pod === '') return name || text(notes[NAMESPACE_NAME]);
  return isSandbox.includes('sandbox') || name === '' ? `${pod}/pod` : `${pod}/${name}`;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_NAME_LENGTH) : '';
}
