/** System calls of a summary in words. */
import type { CallSummary } from './call-summary.ts';
import { completeness, cut, durationText, numberText } from '../summary/summary-words.ts';

export function callLines(calls: CallSummary): string[] {
  const { seconds, kept, perSecond, errors, errorsPerSecond, filtered } = calls;
  const rate = (each: number | null): string => (each === null ? '' : ` (${numberText(each)}/s)`);
  return [
    `${seconds.toFixed(1)} s of system calls: ${kept}${rate(perSecond)}, ${errors} of them failed${rate(errorsPerSecond)}, ${filtered} filtered out`,
    ...completeness(calls),
    ...topCalls(calls),
    ...topErrors(calls),
  ];
}

function topCalls({ top, seconds }: CallSummary): string[] {
  if (top.length === 0) return [];
  return [
    '',
    ' calls/s  errors/s       p50       p99       max  call',
    ...top.map(({ count, errors, p50Ns, p99Ns, maxNs, call, comm, pid }) => {
      const rates = [count / seconds, errors / seconds].map(numberText);
      const times = [p50Ns, p99Ns, maxNs].map(durationText);
      return `${pad(rates[0], 8)}  ${[rates[1], ...times].map((text) => pad(text, 8)).join('  ')}  ${call}  ${cut(comm)} (${pid})`;
    }),
  ];
}

function topErrors({ topErrors: errors, seconds }: CallSummary): string[] {
  if (errors.length === 0) return [];
  return [
    '',
    'errors/s  error',
    ...errors.map(
      ({ count, call, errno, meaning, comm, pid }) =>
        `${pad(numberText(count / seconds), 8)}  ${call} → ${errno}${meaning ? ` (${meaning})` : ''}  ${cut(comm)} (${pid})`,
    ),
  ];
}

function pad(text: string | undefined, width: number): string {
  return (text ?? '').padStart(width);
}
