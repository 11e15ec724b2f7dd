/** What every system's packages carry for devices, and its notices, made on Linux: out/device and out/package/device-notices. */
import { bundle } from '../bundle.mjs';
import { ensurePackages } from '../apt.mjs';
import { ensureNative, NATIVE_APT_PACKAGES } from '../native.mjs';
import { ensureNodeRuntime, NODE_RUNTIME_APT_PACKAGES } from '../node-runtime.mjs';
import { fail, step } from '../steps.mjs';
import { collectDeviceNotices } from './device-libraries.mjs';

const ARCHES = ['x86_64', 'aarch64'];

async function main() {
  const packages = [...NATIVE_APT_PACKAGES, ...NODE_RUNTIME_APT_PACKAGES];
  await step('Debian packages', (log) => ensurePackages(packages, log));
  await step('loader', (log) => ensureNative({ log, arches: ARCHES }));
  await step('Node runtimes', (log) => ensureNodeRuntime({ log, arches: ARCHES }));
  await step('agent', (log) => bundle({ only: ['agent'], log }));
  await step('licences and sources', () => collectDeviceNotices('out/package/device-notices'));
}

main().catch(fail);
