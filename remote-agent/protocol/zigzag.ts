/** Numbers with a sign as varints want them: 0, -1, 1, -2 … become 0, 1, 2, 3 … Exact below 2^52 either way. */
export const MAX_STEP = 2 ** 52 - 1;

export function zigzag(step: number): number {
  return step < 0 ? -2 * step - 1 : 2 * step;
}

export function unzigzag(code: number): number {
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}
