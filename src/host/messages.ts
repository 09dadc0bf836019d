import type { EngineState } from '../core/engine';
import type { EngineConfig } from '../engines/load';
import type { PackedJobs } from './packed';

/** What the child needs to know; it is sent once, first. */
export interface HostSetup {
  config: EngineConfig;
  threads: number;
  /** How long a file's thread may go on after the time for the file was up. Milliseconds. */
  grace: number;
  /** How long an engine may take to open in a thread, and to say what its definitions are. Milliseconds. */
  patience: number;
}

/** From the daemon to the engine host. */
export type Request =
  | { type: 'setup'; setup: HostSetup }
  | { type: 'inspect'; id: number; jobs: PackedJobs }
  | { type: 'describe'; id: number };

/** From the engine host to the daemon. */
export type Reply =
  /** With what could not be prepared, and why. */
  | { type: 'ready'; failing: { engine: string; reason: string }[] }
  | { type: 'unusable'; reason: string }
  | { type: 'inspected'; id: number; outcomes: string }
  | { type: 'described'; id: number; engines: EngineState[] };
