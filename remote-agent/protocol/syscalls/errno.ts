/** Names and meanings of error numbers. They are the same on x86, ARM and RISC-V. */
import { ERROR_MEANINGS, ERROR_NAMES } from '../generated/syscall-names.ts';
import { unpackNames } from './unpack.ts';

/**
 * Numbers that programs never see, because the kernel turns them into another one or into a second try on the way out;
 * the end of a call is observed before that. In include/linux/errno.h, which is not among the headers for programs.
 */
const KERNEL_ERRORS: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  512: ['ERESTARTSYS', 'Interrupted by a signal; started again, or EINTR'],
  513: ['ERESTARTNOINTR', 'Interrupted by a signal; started again'],
  514: ['ERESTARTNOHAND', 'Interrupted by a signal; EINTR if the signal has a handler, else started again'],
  515: ['ENOIOCTLCMD', 'No such ioctl command; ENOTTY'],
  516: ['ERESTART_RESTARTBLOCK', 'Interrupted by a signal; goes on with restart_syscall, or EINTR'],
  517: ['EPROBE_DEFER', 'Driver asks to be probed later'],
  518: ['EOPENSTALE', 'Stale handle while opening; tried again'],
  519: ['ENOPARAM', 'Parameter not supported'],
  521: ['EBADHANDLE', 'Illegal NFS file handle'],
  522: ['ENOTSYNC', 'Update synchronization mismatch'],
  523: ['EBADCOOKIE', 'Cookie is stale'],
  524: ['ENOTSUPP', 'Operation is not supported'],
  525: ['ETOOSMALL', 'Buffer or request is too small'],
  526: ['ESERVERFAULT', 'An untranslatable error occurred'],
  527: ['EBADTYPE', 'Type not supported by server'],
  528: ['EJUKEBOX', 'Request started and will not complete before the time-out'],
  529: ['EIOCBQUEUED', 'Queued, completion will be told later'],
  530: ['ERECALLCONFLICT', 'Conflict with recalled state'],
};

let unpacked: ReadonlyMap<number, string> | null = null;

/** "ECONNREFUSED"; "#4000" where there is no name. Not asked for 0, which is success. */
export function errnoName(errno: number): string {
  unpacked ??= unpackNames(ERROR_NAMES);
  return unpacked.get(errno) ?? KERNEL_ERRORS[errno]?.[0] ?? `#${errno}`;
}

/** "Connection refused"; '' where nothing is known. */
export function errnoMeaning(errno: number): string {
  return ERROR_MEANINGS[errno] ?? KERNEL_ERRORS[errno]?.[1] ?? '';
}

/** The way back; null where no error is called that. */
export function errnoOf(name: string): number | null {
  unpacked ??= unpackNames(ERROR_NAMES);
  for (const [errno, each] of unpacked) if (each === name) return errno;
  return null;
}
