/** `npm test`: sets up what is missing, then every check and every test, and one closing line with the counts. */
import { ensurePackages } from './apt.mjs';
import { setup } from './setup.mjs';
import { fail, step } from './steps.mjs';
import { runTests } from './vitest-run.mjs';

/** A test starts an sshd of its own on loopback, and reads what ssh-keygen writes; another one a keyring on a bus of its own. */
const TEST_APT_PACKAGES = ['dbus', 'gnome-keyring', 'openssh-client', 'openssh-server'];

async function main() {
  const started = performance.now();
  await setup({ box: [{ variant: 'plain' }, { variant: 'node' }, { variant: 'plain', kernel: '5.10' }] });
  await step('Debian packages of the tests', (log) => ensurePackages(TEST_APT_PACKAGES, log));
  const total = { passed: 0, failed: 0 };
  // Unit tests are part of the suites below.
  const { STATIC_CHECKS } = await import('./check.mjs');
  for (const [title, work] of STATIC_CHECKS) {
    try {
      await step(title, work);
      total.passed += 1;
    } catch (error) {
      total.failed += 1;
      console.error(error.message);
    }
  }
  const tests = runTests(process.argv.slice(2));
  total.passed += tests.passed;
  total.failed += tests.failed;
  console.log(`\nall of it took ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
}

main().catch((error) => {
  fail(error);
  console.log('0 passed, 1 failed');
});
