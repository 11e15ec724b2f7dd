/** The device's own Node, or the one we carry. Pure. */
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { Artifacts } from './artifacts.ts';
import type { DeviceFacts } from './facts.ts';
import { majorOf } from './parse-facts.ts';

export const MIN_NODE_MAJOR = 18;

export type NodeChoice =
  | { readonly kind: 'device'; readonly path: string; readonly version: string }
  | { readonly kind: 'ours'; readonly artifact: NonNullable<Artifacts['node']> };

/** `unusable`: why the device's own Node was tried and found not to run. */
export function chooseNode(facts: DeviceFacts, artifacts: Artifacts, unusable: string | null): NodeChoice {
  const { node } = facts;
  if (node && unusable === null && majorOf(node.version) >= MIN_NODE_MAJOR) return { kind: 'device', ...node };
  if (artifacts.node && facts.libc.kind !== 'musl') return { kind: 'ours', artifact: artifacts.node };
  const has =
    node === null
      ? 'the device has no Node'
      : unusable === null
        ? `the device has Node ${node.version}, and ${MIN_NODE_MAJOR} is needed`
        : `the device's Node ${node.version} does not run`;
  const why =
    artifacts.node === null
      ? `Sonde carries no Node for ${facts.machine}`
      : 'the Node that Sonde carries needs glibc, and the device has musl';
  return raise('node-too-old', `cannot start the agent: ${has}, and ${why}`, installHint(facts), unusable ?? undefined);
}

export function installHint(facts: DeviceFacts): string {
  if (facts.libc.kind === 'musl')
    return `Install it on the device: apk add nodejs (Alpine), opkg install node (OpenWrt), or add nodejs to the image. Node ${MIN_NODE_MAJOR} or newer.`;
  return `Install it on the device: apt-get install nodejs (Debian 12, Ubuntu 24.04 or newer), dnf install nodejs (Fedora), or add nodejs to the image. Node ${MIN_NODE_MAJOR} or newer.`;
}
