import { useEffect, useState } from 'react';
import { formatDuration } from './format.ts';

/** A duration as last reported, going on by itself: reports may be seconds apart. Give it `key={elapsedMs}`. */
export function RunningElapsed({ elapsedMs }: { readonly elapsedMs: number }) {
  const [reportedMs] = useState(() => performance.now());
  const [nowMs, setNowMs] = useState(reportedMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return <>{formatDuration((elapsedMs + nowMs - reportedMs) / 1000)}</>;
}
