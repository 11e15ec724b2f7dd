// One verb: a directory becomes an ext4 disk image, without mounting anything.

import { run } from './run.mjs'

/**
 * @param {string} dir
 * @param {string} image
 * @param {{ spareMb: number }} options room left for the guest
 */
export async function makeExt4(dir, image, { spareMb }) {
  const { stdout } = await run('du', ['-sm', '--apparent-size', dir])
  const usedMb = Number.parseInt(stdout.toString('utf8'), 10)
  const { stdout: count } = await run('sh', ['-c', 'find "$1" | wc -l', 'sh', dir])
  const inodes = Number(count.toString('utf8')) + Math.max(1024, spareMb * 32)
  // 15 % and 16 MB: file system tables, and the half block that each file wastes on average.
  const sizeMb = Math.ceil(usedMb * 1.15 + inodes / 512) + 16 + spareMb
  const features = ['-O', '^has_journal', '-E', 'lazy_itable_init=1', '-m', '0', '-N', String(inodes)]
  await run('mke2fs', ['-q', '-t', 'ext4', ...features, '-d', dir, image, `${sizeMb}M`])
}
