// When a page has come to rest.

/** So long without a change is rest. */
const QUIET_MS = 50;
/** A live session never rests. */
const LONGEST_MS = 450;

/** So many frames were drawn. */
export async function drawn(frames: number): Promise<void> {
  for (let frame = 0; frame < frames; frame++)
    await new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Nothing was added, taken away or changed for a moment, and what is there was drawn. */
export async function settled(): Promise<void> {
  let changedMs = performance.now();
  const begunMs = changedMs;
  const watch = new MutationObserver(() => {
    changedMs = performance.now();
  });
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  do await drawn(2);
  while (performance.now() - changedMs < QUIET_MS && performance.now() - begunMs < LONGEST_MS);
  watch.disconnect();
}
