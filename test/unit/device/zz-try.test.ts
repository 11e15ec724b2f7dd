import { test } from 'vitest';
import { readFileSync } from 'node:fs';
import { connect } from '../../../electron/ssh/index.ts';
import { detect, becomeRoot, findArtifacts, install, dial, remove } from '../../../electron/device/index.ts';
const box = JSON.parse(readFileSync('/tmp/mybox.json','utf8'));
test('x', async () => {
  const ask = async (q) => 'ops-password';
  const key = box.users.root.identityFile;
  const c = (user: string) => connect({destination:`${user}@127.0.0.1:${box.port}`, identityFiles:[key], knownHostsFile:'/tmp/kh', acceptHostKey: box.fp}, {ask});
  const spy = await c('root');
  const up = async () => Number((await spy.exec('read a b < /proc/uptime; echo $a')).stdout.toString());
  const wall = () => performance.now();
  for (const user of ['root','root','ops']) {
    const t: string[] = [];
    let g = await up(), w = wall();
    const cost = await up() - g; g = await up(); w = wall();
    const mark = async (n: string) => { const dw = wall() - w; const g2 = await up(); t.push(`${n} guest ${(g2-g-cost).toFixed(2)} wall ${dw.toFixed(0)}`); g = await up(); w = wall(); };
    const ssh = await c(user); await mark('ssh');
    const f = await detect(ssh); await mark('detect');
    const root = await becomeRoot(ssh, f, ask, {}); await mark('root');
    const inst = await install(root, f, await findArtifacts('/work/main/out/device', f.arch), {}); await mark('install');
    const client = await dial(root, inst, {leaseS: 60, clientVersion: '0.1.0'}); await mark('dial');
    console.log(user, 'up-cost', cost, t.join(', '));
    console.log((await spy.exec(`cat /proc/${client.welcome.pid}/stat | cut -d" " -f14,15; grep -E "VmRSS|VmHWM" /proc/${client.welcome.pid}/status; cat ${client.resumePoint.runDir}/log`)).stdout.toString());
    client.onFrame(()=>{});
    await client.shutdown('x', 30000); await ssh.close();
  }
  for (const cmd of ['true', `/var/lib/sonde/node-* -e 0`, `/var/lib/sonde/node-* --max-semi-space-size=1 --max-old-space-size=32 --optimize-for-size -e 0`]) { const g = await up(); await spy.exec(cmd); console.log(cmd, (await up() - g).toFixed(2)); }
}, 600000);
