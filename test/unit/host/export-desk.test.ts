import { expect, test } from 'vitest';
import { ExportDesk, type Exporter, type ExportRequest } from '../../../electron/host/export-desk.ts';
import { Grants } from '../../../electron/host/grants.ts';
import { FaultError, raise } from '../../../remote-agent/protocol/index.ts';

const request = (file: string): ExportRequest => ({
  kind: 'export',
  request: 1,
  format: 'folded',
  table: null,
  file,
  ranges: [],
});

function deskFor(exporter: Exporter) {
  const grants = new Grants(300);
  const desk = new ExportDesk(exporter, grants);
  return { run: desk.run.bind(desk), grant: grants.grant.bind(grants), cancel: desk.cancel.bind(desk) };
}

test('a file that the user chose is written, once', async () => {
  const written: string[] = [];
  const desk = deskFor((recording, { file }) => Promise.resolve(void written.push(`${recording} → ${file}`)));
  desk.grant('/out');
  expect(await desk.run('/rec', request('/out'))).toBeNull();
  expect(await desk.run('/rec', request('/out'))).toMatchObject({
    code: 'file-io',
    message: 'cannot export to /out: it was not chosen in the dialog',
  });
  expect(written).toEqual(['/rec → /out']);
});

test('the grant may come a moment after the request', async () => {
  const desk = deskFor(() => Promise.resolve());
  const done = desk.run('/rec', request('/out'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  desk.grant('/out');
  expect(await done).toBeNull();
});

test('a failed export is told and does not stop the next', async () => {
  let first = true;
  const desk = deskFor(async () => {
    if (first) {
      first = false;
      raise('file-io', 'the disk is full');
    }
  });
  desk.grant('/a');
  desk.grant('/b');
  const both = [desk.run('/rec', request('/a')), desk.run('/rec', request('/b'))];
  expect(await Promise.all(both)).toEqual([{ code: 'file-io', message: 'the disk is full' }, null]);
});

test('what is cancelled ends, also what waits; what comes later does not', async () => {
  const begun: string[] = [];
  const desk = deskFor((_, { file }, stop) => {
    begun.push(file);
    if (file === '/c') return Promise.resolve();
    return new Promise((_done, fail) => {
      const cancelled = () => fail(new FaultError({ code: 'cancelled', message: `${file} was stopped` }));
      if (stop.aborted) cancelled();
      stop.addEventListener('abort', cancelled);
    });
  });
  for (const file of ['/a', '/b', '/c']) desk.grant(file);
  const both = [desk.run('/rec', request('/a')), desk.run('/rec', request('/b'))];
  await expect.poll(() => begun).toEqual(['/a']);
  await desk.cancel();
  expect((await Promise.all(both)).map((fault) => fault?.code)).toEqual(['cancelled', 'cancelled']);
  expect(await desk.run('/rec', request('/c'))).toBeNull();
});

test('before the first record there is nothing to export', async () => {
  expect(await deskFor(() => Promise.resolve()).run(null, request('/out'))).toMatchObject({ code: 'file-io' });
});
