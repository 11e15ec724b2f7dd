/**
 * What people call a container whose id is in a cgroup path: read from the files in which Docker, Podman, containerd and
 * CRI-O keep it. Nobody is asked, so no socket of an engine is needed. What stands there is others' text: bounded, and
 * made harmless where it becomes text.
 */
import { closeSync, readSync } from 'node:fs';
import { namedContainerOf, containerIdOf, SHORT_ID_LENGTH } from './cgroup-names.ts';
import { openRegular } from './procfs.ts';
import { dockerName, type Json, ociName, podmanName } from './container-records.ts';

/** A container's own configuration, with all of its variables and labels; Podman's list is one file for all. */
const MAX_FILE_BYTES = 512 << 10;
const MAX_REMEMBERED = 1024;
/** A container that was named before its file said so is asked for again. */
const RETRY_MS = 30_000;
/** Who may make control groups may make thousands, each called as if it were a container. */
const MAX_SEARCHES_PER_SECOND = 20;

export interface Container {
  /** Its name; its short id where no name is known; '' on the host. */
  readonly container: string;
  /** Its short id where `container` is a name; else ''. */
  readonly containerId: string;
}

const HOST: Container = { container: '', containerId: '' };

interface Known {
  readonly name: string;
  readonly askedMs: number;
}

export class ContainerNames {
  /** In front of every path: for tests. */
  private readonly root: string;
  private readonly known = new Map<string, Known>();
  private searches = 0;
  private sinceMs = Number.NEGATIVE_INFINITY;

  constructor(root = '') {
    this.root = root;
  }

  /** Strings are latin-1, as all of /proc. */
  of(cgroup: string, nowMs: number): Container {
    const id = containerIdOf(cgroup);
    if (id === '') return { ...HOST, container: namedContainerOf(cgroup) };
    const short = id.slice(0, SHORT_ID_LENGTH);
    const name = this.nameOf(id, userOf(cgroup), nowMs);
    return name === '' ? { container: short, containerId: '' } : { container: name, containerId: short };
  }

  private nameOf(id: string, uid: number | null, nowMs: number): string {
    const known = this.known.get(id);
    if (known && (known.name !== '' || nowMs - known.askedMs < RETRY_MS)) return known.name;
    if (!this.maySearch(nowMs)) return '';
    if (this.known.size >= MAX_REMEMBERED) this.known.clear();
    const name = this.find(id, uid);
    this.known.set(id, { name, askedMs: nowMs });
    return name;
  }

  private maySearch(nowMs: number): boolean {
    if (nowMs - this.sinceMs >= 1000) {
      this.sinceMs = nowMs;
      this.searches = 0;
    }
    return ++this.searches <= MAX_SEARCHES_PER_SECOND;
  }

  private find(id: string, uid: number | null): string {
    const home = uid === null ? '' : this.homeOf(uid);
    return this.ofSystem(id) || (home === '' ? '' : this.ofUser(id, home, uid));
  }

  private ofSystem(id: string): string {
    const moved = this.json('/etc/docker/daemon.json')?.['data-root'];
    const folders = typeof moved === 'string' && moved.startsWith('/') ? [moved, ...DOCKER_FOLDERS] : DOCKER_FOLDERS;
    return (
      first(folders, (folder) => this.inDocker(folder, id, null)) ||
      this.inPodman(PODMAN_FOLDER, id, null) ||
      first(OCI_PLACES, (place) => ociName(this.json(place(id))))
    );
  }

  /** Containers that run without root are in their user's home. */
  private ofUser(id: string, home: string, uid: number | null): string {
    const folder = `${home}/.local/share`;
    return this.inDocker(`${folder}/docker`, id, uid) || this.inPodman(`${folder}/containers/storage`, id, uid);
  }

  private inDocker(folder: string, id: string, owner: number | null): string {
    return dockerName(this.json(`${folder}/containers/${id}/config.v2.json`, owner));
  }

  private inPodman(folder: string, id: string, owner: number | null): string {
    return first(PODMAN_LISTS, (list) => podmanName(this.json(`${folder}/overlay-containers/${list}`, owner), id));
  }

  private homeOf(uid: number): string {
    for (const line of (this.read('/etc/passwd') ?? '').split('\n')) {
      const [, , id, , , home = ''] = line.split(':');
      if (id === String(uid) && home.startsWith('/')) return home;
    }
    return '';
  }

  private json(path: string, owner: number | null = null): Json | null {
    const text = this.read(path, owner);
    if (text === null) return null;
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null ? (value as Json) : null;
    } catch {
      return null; // being written, or not what it is called
    }
  }

  /** null: it is not there, is larger than such a file is, or not the `owner`'s, who may have put a link in its place. */
  private read(path: string, owner: number | null = null): string | null {
    const file = openRegular(this.root + path);
    if (!file) return null;
    try {
      if (file.size > MAX_FILE_BYTES || (owner !== null && file.uid !== owner)) return null;
      const bytes = Buffer.alloc(file.size);
      return bytes.toString('latin1', 0, readSync(file.fd, bytes, 0, bytes.length, 0));
    } catch {
      return null; // the container is gone
    } finally {
      closeSync(file.fd);
    }
  }
}

/** Docker's own, and where its snap package and balenaOS have it. */
const DOCKER_FOLDERS = ['/var/lib/docker', '/var/snap/docker/common/var-lib-docker', '/mnt/data/docker'];
const PODMAN_FOLDER = '/var/lib/containers/storage';
const PODMAN_LISTS = ['containers.json', 'volatile-containers.json'];
/** What the runtime was told: containerd's (Kubernetes, k3s, nerdctl) and CRI-O's. */
const OCI_PLACES: readonly ((id: string) => string)[] = [
  (id) => `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
  (id) => `/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
  (id) => `/run/containerd/io.containerd.runtime.v2.task/default/${id}/config.json`,
  (id) => `/run/containers/storage/overlay-containers/${id}/userdata/config.json`,
];

function first<Each>(list: readonly Each[], nameOf: (each: Each) => string): string {
  for (const each of list) {
    const name = nameOf(each);
    if (name !== '') return name;
  }
  return '';
}

/** "/user.slice/user-1000.slice/…": whose containers these are; null where they are the system's. */
function userOf(cgroup: string): number | null {
  const uid = /^\/user\.slice\/user-(\d{1,10})\.slice\//.exec(cgroup)?.[1];
  return uid === undefined ? null : Number(uid);
}
