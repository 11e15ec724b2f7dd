/** The processes of a started application, from outside. */
import { existsSync } from 'node:fs';
import type { ElectronApplication } from 'playwright-core';

/** A busy machine starts and ends processes late. */
const PATIENT_MS = 120_000;

/** Process ids of the session hosts. Electron lists a process only once it runs. */
export const sessionHosts = (app: ElectronApplication): Promise<number[]> =>
  app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ name, serviceName }) => name === 'Sonde session' || serviceName === 'Sonde session')
      .map(({ pid }) => pid),
  );

export const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + PATIENT_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${PATIENT_MS} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
