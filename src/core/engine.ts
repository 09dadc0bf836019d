/** An engine as people see it. */
export interface EngineState {
  id: string;
  name: string;
  /** `starting` until its first thread is open; `failing` while it cannot answer. */
  state: 'starting' | 'ready' | 'failing';
  /** Why it is failing, for people. */
  reason?: string;
  finds: readonly string[];
  definitions?: { version: string; date?: string };
  /** A hash of its options. */
  settings: string;
}
