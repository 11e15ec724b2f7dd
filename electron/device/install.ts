/** Puts loader, Node runtime and agent into one private directory on the device. What is there already is not sent. */
import type { Artifacts } from './artifacts.ts';
import { chooseNode, type NodeChoice } from './choose-node.ts';
import { choosePlace, raiseNoPlace, type SpaceNeed } from './choose-place.ts';
import type { DeviceFacts, PlaceFacts } from './facts.ts';
import { finishInstall, prepareDirectory, tryNode } from './install-steps.ts';
import { lookAtAllPlaces } from './look-at-places.ts';
import type { RootShell } from './root-shell.ts';
import { uploadLoader, uploadPacked } from './upload.ts';

export type UploadName = 'loader' | 'node' | 'agent';

export interface InstallProgress {
  readonly file: UploadName;
  readonly state: 'skipped' | 'sending' | 'done';
  /** Bytes as they travel. */
  readonly sentBytes: number;
  readonly totalBytes: number;
  /** "Node 18.19.0 on the device", "there already", "16 MB". */
  readonly detail: string;
}

export interface InstallOptions {
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** Where everything is on the device. */
export interface Installation {
  readonly dir: string;
  readonly loader: string;
  readonly agent: string;
  readonly node: string;
  readonly nodeVersion: string;
  /** The runtime was sent by us. */
  readonly ownNode: boolean;
}

export async function install(
  root: RootShell,
  facts: DeviceFacts,
  artifacts: Artifacts,
  options: InstallOptions = {},
): Promise<Installation> {
  const { log = () => {} } = options;
  let choice = chooseNode(facts, artifacts, null);
  let place = await findPlace(root, facts, needOf(artifacts, choice), options.signal);
  if (choice.kind === 'device' && place.checkedNode !== checkedLine(choice)) {
    const unusable = await tryNode(root, choice.path, options.signal);
    if (unusable !== null) {
      log(`the device's Node ${choice.version} does not run: ${unusable}`);
      choice = chooseNode(facts, artifacts, unusable);
      place = await findPlace(root, facts, needOf(artifacts, choice), options.signal);
    }
  }
  const isNew = await sendFiles(root, place, artifacts, choice, options);
  const installation = describe(place, artifacts, choice);
  if (isNew || (choice.kind === 'device' && place.checkedNode !== checkedLine(choice))) {
    await finishInstall(root, installation, choice.kind === 'device' ? checkedLine(choice) : '', options.signal);
  }
  return installation;
}

/** Sends what is missing. True = something was. */
async function sendFiles(
  root: RootShell,
  place: PlaceFacts,
  artifacts: Artifacts,
  choice: NodeChoice,
  { onProgress = () => {}, signal }: InstallOptions,
): Promise<boolean> {
  const { loader, agent } = artifacts;
  const has = {
    loader: place.sums[loader.name] === loader.sha256,
    agent: place.sums[agent.name] === agent.plainSha256,
    // Too large to be summed at every connect; its name appears only when the sum was right.
    node: choice.kind === 'device' || place.files[choice.artifact.name] === choice.artifact.bytes,
  };
  const skip = (file: UploadName, detail: string) =>
    onProgress({ file, state: 'skipped', sentBytes: 0, totalBytes: 0, detail });
  if (!has.loader || !has.agent || !has.node) await prepareDirectory(root, place.dir, signal);
  if (has.loader) skip('loader', 'there already');
  else await uploadLoader(root, place.dir, loader, reporter('loader', onProgress), signal);
  const loaderPath = `${place.dir}/${loader.name}`;
  if (choice.kind === 'device') skip('node', `Node ${choice.version} on the device`);
  else if (has.node) skip('node', `Node ${choice.artifact.version}, there already`);
  else await uploadPacked(root, loaderPath, place.dir, choice.artifact, '0700', reporter('node', onProgress), signal);
  if (has.agent) skip('agent', 'there already');
  else await uploadPacked(root, loaderPath, place.dir, agent, '0600', reporter('agent', onProgress), signal);
  return !has.loader || !has.agent || !has.node;
}

function reporter(file: UploadName, onProgress: (progress: InstallProgress) => void) {
  return (sentBytes: number, totalBytes: number, isDone: boolean): void => {
    const size = totalBytes < 10e6 ? (totalBytes / 1e6).toFixed(1) : Math.round(totalBytes / 1e6);
    onProgress({ file, state: isDone ? 'done' : 'sending', sentBytes, totalBytes, detail: `${size} MB` });
  };
}

/** The loader alone, for what needs no agent. Returns its path on the device. */
export async function installLoader(
  root: RootShell,
  facts: DeviceFacts,
  { loader }: Pick<Artifacts, 'loader'>,
  { onProgress = () => {}, signal }: InstallOptions = {},
): Promise<string> {
  const place = await findPlace(root, facts, { files: [loader] }, signal);
  if (place.sums[loader.name] !== loader.sha256) {
    await prepareDirectory(root, place.dir, signal);
    await uploadLoader(root, place.dir, loader, reporter('loader', onProgress), signal);
  }
  return `${place.dir}/${loader.name}`;
}

function needOf({ loader, agent }: Artifacts, choice: NodeChoice): SpaceNeed {
  return { files: [loader, agent, ...(choice.kind === 'ours' ? [choice.artifact] : [])] };
}

async function findPlace(
  root: RootShell,
  { memoryAvailableKb }: DeviceFacts,
  need: SpaceNeed,
  signal: AbortSignal | undefined,
): Promise<PlaceFacts> {
  const seen = choosePlace(root.places, need, memoryAvailableKb);
  // A quick look stops at the first good place; only where that has no room are all of them worth a look.
  if (seen && (!seen.memory || Object.keys(seen.files).length > 0)) return seen;
  const all = await lookAtAllPlaces(root, signal);
  return choosePlace(all, need, memoryAvailableKb) ?? raiseNoPlace(all, need);
}

function describe(place: PlaceFacts, artifacts: Artifacts, choice: NodeChoice): Installation {
  const { dir } = place;
  return {
    dir,
    loader: `${dir}/${artifacts.loader.name}`,
    agent: `${dir}/${artifacts.agent.name}`,
    node: choice.kind === 'device' ? choice.path : `${dir}/${choice.artifact.name}`,
    nodeVersion: choice.kind === 'device' ? choice.version : choice.artifact.version,
    ownNode: choice.kind === 'ours',
  };
}

function checkedLine(choice: Extract<NodeChoice, { kind: 'device' }>): string {
  return `${choice.path} v${choice.version}`;
}
