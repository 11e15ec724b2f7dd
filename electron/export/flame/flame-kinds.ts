/** Whose code a function is: what the window colours by, with the same names; and the processes below them. */
export const FLAME_KINDS = ['kernel', 'library', 'application', 'interpreted', 'unknown', 'process'] as const;
export type FlameKind = (typeof FLAME_KINDS)[number];
