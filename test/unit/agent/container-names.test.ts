/** Files as Docker, Podman, containerd and CRI-O write them, cut to what is around the name. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ContainerNames } from '../../../remote-agent/agent/proc/container-names.ts';
import { removeFolder } from '../../remove-folder.ts';

const ID = '4f5c1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7';
const SHORT = '4f5c1a2b3c4d';
const DOCKER = `/system.slice/docker-${ID}.scope`;
const OTHER = ID.replace(/^4/, '5');

let root: string;
let names: ContainerNames;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'sonde-containers-'));
  names = new ContainerNames(root);
});
afterEach(() => removeFolder(root));

function put(file: string, content: unknown): void {
  mkdirSync(path.dirname(root + file), { recursive: true });
  writeFileSync(root + file, typeof content === 'string' ? content : JSON.stringify(content));
}

const dockerFile = (folder = '/var/lib/docker', id = ID) => `${folder}/containers/${id}/config.v2.json`;
const dockerConfig = (name: string) => ({
  StreamConfig: {},
  State: { Running: true, Pid: 4321, StartedAt: '2025-03-01T08:00:00.1Z' },
  ID,
  Config: {
    Hostname: SHORT,
    Env: ['PATH=/usr/bin'],
    Image: 'eclipse-mosquitto:2',
    Labels: { 'com.example.Name': 'x' },
  },
  Name: name,
  Driver: 'overlay2',
});

test('on the host there is none', () => {
  expect(names.of('/system.slice/ssh.service', 0)).toEqual({ container: '', containerId: '' });
});

test('where no file tells, it is called by its short id', () => {
  expect(names.of(DOCKER, 0)).toEqual({ container: SHORT, containerId: '' });
});

test('where the path has the name, no file is needed', () => {
  expect(names.of('/lxc.payload.web-1/init.scope', 0)).toEqual({ container: 'web-1', containerId: '' });
});

test.each(['/var/lib/docker', '/var/snap/docker/common/var-lib-docker'])('Docker below %s', (folder) => {
  put(dockerFile(folder), dockerConfig('/mosquitto'));
  expect(names.of(DOCKER, 0)).toEqual({ container: 'mosquitto', containerId: SHORT });
  expect(names.of(`/docker/${ID}`, 0).container).toBe('mosquitto');
});

test('Docker that keeps its data elsewhere says where', () => {
  put('/etc/docker/daemon.json', { 'log-driver': 'local', 'data-root': '/data/docker' });
  put(dockerFile('/data/docker'), dockerConfig('/telegraf'));
  expect(names.of(DOCKER, 0).container).toBe('telegraf');
});

test.each(['containers.json', 'volatile-containers.json'])('Podman: %s', (file) => {
  put(`/var/lib/containers/storage/overlay-containers/${file}`, [
    { id: OTHER, names: ['other'], image: 'a', layer: 'b', created: '2025-03-01T08:00:00Z' },
    { id: ID, names: ['edge-broker'], image: 'c', layer: 'd', metadata: '{"name":"not-this"}' },
  ]);
  expect(names.of(`/machine.slice/libpod-${ID}.scope/container`, 0)).toEqual({
    container: 'edge-broker',
    containerId: SHORT,
  });
});

const userPath = (uid: number) =>
  `/user.slice/user-${uid}.slice/user@${uid}.service/user.slice/libpod-${ID}.scope/container`;
const STORAGE = '/home/mara/.local/share/containers/storage/overlay-containers/containers.json';

test("a user's own containers are in the user's home", () => {
  const uid = process.getuid?.() ?? 0;
  put('/etc/passwd', `root:x:99999:0:root:/root:/bin/sh\nmara:x:${uid}:1000:Mara:/home/mara:/bin/bash\n`);
  put(STORAGE, [{ id: ID, names: ['sensor'] }]);
  expect(names.of(userPath(uid), 0).container).toBe('sensor');
  expect(names.of(`/machine.slice/libpod-${OTHER}.scope`, 0).container).toBe(OTHER.slice(0, 12));
});

test('what in a home belongs to somebody else is not believed', () => {
  put('/etc/passwd', 'mara:x:54321:1000:Mara:/home/mara:/bin/bash\n');
  put(STORAGE, [{ id: ID, names: ['sensor'] }]);
  expect(names.of(userPath(54_321), 0)).toEqual({ container: SHORT, containerId: '' });
});

const ociFile = (folder: string) => `${folder}/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`;
const ociConfig = (annotations: object) => ({
  ociVersion: '1.1.0',
  process: { user: { uid: 0 }, args: ['/app'] },
  annotations,
});

test.each(['/run/containerd', '/run/k3s/containerd'])('Kubernetes by containerd below %s', (folder) => {
  put(
    ociFile(folder),
    ociConfig({
      'io.kubernetes.cri.container-type': 'container',
      'io.kubernetes.cri.container-name': 'broker',
      'io.kubernetes.cri.sandbox-name': 'mosquitto-0',
      'io.kubernetes.cri.sandbox-namespace': 'edge',
    }),
  );
  const cgroup = `/kubepods.slice/kubepods-burstable.slice/cri-containerd-${ID}.scope`;
  expect(names.of(cgroup, 0)).toEqual({ container: 'mosquitto-0/broker', containerId: SHORT });
});

test('the process that only holds a pod together', () => {
  const annotations = {
    'io.kubernetes.cri.container-type': 'sandbox',
    'io.kubernetes.cri.sandbox-name': 'mosquitto-0',
  };
  put(ociFile('/run/containerd'), ociConfig(annotations));
  expect(names.of(`/kubepods/pod1/${ID}`, 0).container).toBe('mosquitto-0/pod');
});

test('CRI-O, and nerdctl', () => {
  const crio = { 'io.kubernetes.container.name': 'api', 'io.kubernetes.pod.name': 'shop-1' };
  put(`/run/containers/storage/overlay-containers/${ID}/userdata/config.json`, ociConfig(crio));
  expect(names.of(`/kubepods.slice/crio-${ID}.scope`, 0).container).toBe('shop-1/api');
  const nerdctl = `/run/containerd/io.containerd.runtime.v2.task/default/${OTHER}/config.json`;
  put(nerdctl, ociConfig({ 'nerdctl/name': 'cache' }));
  expect(names.of(`/default/${OTHER}`, 0).container).toBe('cache');
});

test.each([
  ['not JSON', '{"Name": "/cut'],
  ['no object', 'null'],
  ['a list', '[]'],
  ['no text', { Name: { toString: 'x' } }],
  ['nothing', { Name: '' }],
  ['too large', ' '.repeat(600 << 10)],
])('a file with %s gives no name', (_, content) => {
  put(dockerFile(), content);
  put('/etc/docker/daemon.json', content);
  put('/var/lib/containers/storage/overlay-containers/containers.json', content);
  put(ociFile('/run/containerd'), content);
  expect(names.of(DOCKER, 0)).toEqual({ container: SHORT, containerId: '' });
});

test('a name has an end', () => {
  put(dockerFile(), dockerConfig(`/${'a'.repeat(5000)}`));
  expect(names.of(DOCKER, 0).container).toHaveLength(127);
});

test('what leads nowhere or is no file does no harm', () => {
  mkdirSync(path.dirname(root + dockerFile()), { recursive: true });
  symlinkSync('config.v2.json', root + dockerFile());
  mkdirSync(root + dockerFile('/mnt/data/docker'), { recursive: true });
  expect(names.of(DOCKER, 0).container).toBe(SHORT);
});

test('a name is asked for once; one that is missing again after a while', () => {
  expect(names.of(DOCKER, 0).container).toBe(SHORT);
  put(dockerFile(), dockerConfig('/late'));
  expect(names.of(DOCKER, 29_999).container).toBe(SHORT);
  expect(names.of(DOCKER, 30_000).container).toBe('late');
  put(dockerFile(), dockerConfig('/renamed'));
  expect(names.of(DOCKER, 90_000).container).toBe('late');
});

test('what pretends to be thousands of containers is looked for no faster than twenty in a second', () => {
  const idOf = (number: number) => number.toString(16).padStart(64, '0');
  for (let i = 1; i <= 100; i++) put(dockerFile('/var/lib/docker', idOf(i)), dockerConfig(`/c-${i}`));
  const named = (nowMs: number) =>
    Array.from({ length: 100 }, (_, i) => names.of(`/docker/${idOf(i + 1)}`, nowMs)).filter(
      ({ containerId }) => containerId,
    ).length;
  expect([named(0), named(999), named(1000), named(2000)]).toEqual([20, 20, 40, 60]);
});
