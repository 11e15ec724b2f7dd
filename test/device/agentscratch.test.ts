import { setTimeout as sleep } from 'node:timers/promises';
import { it } from 'vitest';
import { AgentSession } from './agent-session.ts';
import { AgentView } from '../unit/agent/agent-view.ts';
import { bootBox } from './box/boot.mjs';

it('explore', async () => {
  const box = await bootBox({ variant: 'node', log: console.error, icount: process.env.ICOUNT === '1' });
  try {
    await box.ssh(`workload start ${process.env.WL ?? 'truth-fp'}`);
    await AgentSession.install(box);
    const s = await AgentSession.start(box);
    const t0 = performance.now();
    const seen: string[] = [];
    const orig = (s.client as any).take.bind(s.client);
    (s.client as any).take = (f: any) => { seen.push(`${((performance.now() - t0) / 1000).toFixed(1)} ${f.seq} ${f.body.case} ${f.body.case === 'window' ? f.body.value.rows + ' ' + f.body.value.drains + ' ' + (Number(f.body.value.toNs - f.body.value.fromNs) / 1e9).toFixed(2) : ''}`); orig(f); };
    s.startProbe();
    for (let i = 0; i < Number(process.env.N ?? 3); i++) {
      await sleep(10000);
      const v = new AgentView(s.client.signals);
      const bytes = v.costs.slice(-5).reduce((a, c) => a + c.sentBytes, 0), ns = v.costs.slice(-5).reduce((a, c) => a + c.toNs - c.fromNs, 0);
      const cpu = v.costs.slice(-5).reduce((a, c) => a + c.agentCpuNs, 0), lcpu = v.costs.slice(-5).reduce((a, c) => a + c.loaderCpuNs, 0);
      console.log(`t=${(i+1)*10} costs ${v.costs.length} bytes/s ${(bytes/ns*1e9).toFixed(0)} agent cpu ${(cpu/ns*100).toFixed(2)}% loader ${(lcpu/ns*100).toFixed(2)}% rssA ${v.costs.at(-1)?.agentResidentBytes} rssL ${v.costs.at(-1)?.loaderResidentBytes} spool ${v.costs.at(-1)?.spoolBytes} frames ${v.frames.length} procs ${v.processes.length} stacks ${(v as any).parents.length} windows ${v.windows.length}`);
    }
    console.log('rss', await s.residentBytes());
    console.log((await box.ssh(`grep -E 'VmRSS|VmHWM|Rss|Threads' /proc/${s.pid}/status; cat ${s.runDir}/log`)).stdout);
    const v = new AgentView(s.client.signals);
    console.log('by comm', [...v.count((r) => `${r.process.comm} [${r.process.unit}] ${r.process.exe}`)].slice(0, 8));
    for (const comm of ['truth-fp']) console.log(comm, [...v.count((r) => (r.process.comm === comm ? r.frames.join(';') : null))].slice(0, 14));
    console.log('notes', s.client.signals.filter((x) => x.kind === 'note' || x.kind === 'probe'));
    console.log(seen.slice(0, 150).join('\n'));
    await s.end();
  } finally { await box.stop(); }
}, 600000);
