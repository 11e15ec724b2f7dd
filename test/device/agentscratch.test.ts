import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { AgentSession } from './agent-session.ts';
import { AgentView } from './agent-view.ts';
import { bootBox } from './box/boot.mjs';

it('explore', async () => {
  const box = await bootBox({ variant: 'node', workload: true, log: console.error });
  try {
    await AgentSession.install(box);
    const s = await AgentSession.start(box);
    s.startProbe();
    for (let i = 0; i < 6; i++) {
      await sleep(10000);
      const v = new AgentView(s.client.signals);
      const bytes = v.costs.slice(-5).reduce((a, c) => a + c.sentBytes, 0), ns = v.costs.slice(-5).reduce((a, c) => a + c.toNs - c.fromNs, 0);
      const cpu = v.costs.slice(-5).reduce((a, c) => a + c.agentCpuNs, 0), lcpu = v.costs.slice(-5).reduce((a, c) => a + c.loaderCpuNs, 0);
      console.log(`t=${(i+1)*10} bytes/s ${(bytes/ns*1e9).toFixed(0)} agent cpu ${(cpu/ns*100).toFixed(2)}% loader ${(lcpu/ns*100).toFixed(2)}% rssA ${v.costs.at(-1)?.agentResidentBytes} rssL ${v.costs.at(-1)?.loaderResidentBytes} maps ${v.costs.at(-1)?.kernelMapBytes} frames ${v.frames.length} procs ${v.processes.length} stacks ${(v as any).parents.length} windows ${v.windows.length}`);
    }
    console.log('rss', await s.residentBytes());
    console.log((await box.ssh(`grep -E 'VmRSS|VmHWM|Rss|Threads' /proc/${s.pid}/status; cat ${s.runDir}/log`)).stdout);
    const v = new AgentView(s.client.signals);
    console.log('by comm', [...v.count((r) => `${r.process.comm} [${r.process.unit}] ${r.process.exe}`)].slice(0, 25));
    for (const comm of ['truth-fp', 'truth-nofp', 'node', 'python3', 'shortlived']) console.log(comm, [...v.count((r) => (r.process.comm === comm ? r.frames.join(';') : null))].slice(0, 14));
    const un = v.frames.filter((f) => !v.isNamed(f));
    console.log('unnamed', un.length, 'of', v.frames.length); const per = new Map<string, number>(); for (const f of un) { const p = v.modules[f.module - 1]?.path ?? ''; per.set(p, (per.get(p) ?? 0) + 1); } console.log([...per]);
    console.log('counters', JSON.stringify(v.windows.slice(-3).map((w) => w.counters)));
    console.log('notes', s.client.signals.filter((x) => x.kind === 'note' || x.kind === 'probe'));
    await s.end();
    console.log((await box.ssh(`ls -la /run | grep sonde; ps aux | grep -c '[/]opt/sonde'`)).stdout);
  } finally { await box.stop(); }
}, 600000);
