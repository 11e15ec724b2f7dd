import { test } from 'vitest';
import { readFileSync } from 'node:fs';
import { connect } from '../../../electron/ssh/index.ts';
import { detect, becomeRoot, findArtifacts, install, dial, redial, remove, preflight } from '../../../electron/device/index.ts';
const box = JSON.parse(readFileSync('/tmp/mybox.json','utf8'));
test('x', async () => {
    const ask = async (q) => 'ops-password';
    const ssh = await connect({destination:`root@127.0.0.1:${box.port}`, identityFiles:[box.users.root.identityFile], knownHostsFile:'/tmp/kh', acceptHostKey: box.fp}, {ask, log: console.log});
    const f = await detect(ssh);
    const root = await becomeRoot(ssh, f, ask, {log: console.log});
    const art = await findArtifacts('/work/main/out/device', f.arch);
    const inst = await install(root, f, art, {});
    const T = () => performance.now();
    for (let i = 0; i < 3; i++) {
    let t0 = T();
    let client = await dial(root, inst, {leaseS: 60, clientVersion: '0.1.0'});
    console.log('dial', T()-t0);
    client.onFrame(()=>{});
    for (let j = 0; j < 4; j++) {
      const rp = client.resumePoint;
      client.close(); await client.closed;
      t0 = T(); await ssh.exec('true'); const e = T()-t0; t0 = T();
      client = await redial(root, rp, {leaseS: 60, clientVersion: '0.1.0'});
      client.onFrame(()=>{});
      console.log('exec true', e, 'redial', T()-t0, 'ping', (await client.ping()).rttMs);
    }
    await client.shutdown('x');
    }
    await ssh.close();
}, 200000);
