/** What a session needs from other rooms, as narrow as it uses it; tests put fakes here. */
export interface SessionDeps {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}
