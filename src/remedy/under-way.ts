import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import type { Remedied } from '../core/remediation';
import type { Removed } from '../core/sanitized';
import type { Host } from '../host/host';
import type { Act } from '../storages/act';
import type { DueAct, Held } from '../store/remediations';
import type { Store } from '../store/store';
import type { Spool } from './spool';
import type { Opened, OpenStorage } from './storages';
import type { Vault } from './vault';

export interface ActDeps {
  store: Store;
  open: OpenStorage;
  vault: Vault;
  clock: Clock;
  signal: AbortSignal;
  /** Makes harmless copies, and looks into them. */
  host: Host;
  spool: Spool;
}

export type Placed = NonNullable<Remedied['destination']>;

/** What an act did: where it put the file, or a copy of it. */
export interface Done {
  destination?: Placed;
  /** Why there was nothing to be done, in a sentence for people. */
  needless?: string;
  /** What was taken out of the copy that it made. */
  removed?: Removed[];
}

/** An act under way. */
export interface UnderWay {
  act: DueAct;
  held: Held;
  identity: string;
  from: Opened;
  /** Each place that it was about to write to. */
  claimed: Placed[];
}

/** The act as storages know it: what it is about to write is recorded before it appears. */
export const handleOf = ({ store }: Pick<ActDeps, 'store'>, { act, claimed }: UnderWay, storageId: string): Act => ({
  id: act.id,
  again: act.state === 'begun',
  claimed: act.destination,
  claim: async (claim) => {
    const placed = { storageId, ...claim };
    claimed.push(placed);
    await store.remediations.claim(act.id, placed);
  },
});

/** The content, as long as it is the one that was judged. @throws Fault FILE_CHANGED at its end */
export async function* judged(
  { signal }: ActDeps,
  { held }: Pick<UnderWay, 'held'>,
  content: AsyncIterable<Uint8Array>,
) {
  const { source, finished } = held;
  const sha256 = finished.findings.content?.sha256;
  const hash = new Bun.CryptoHasher('sha256');
  for await (const piece of content) {
    signal.throwIfAborted();
    hash.update(piece);
    yield piece;
  }
  if (sha256 === undefined || hash.digest('hex') === sha256) return;
  throw new Fault(
    'FILE_CHANGED',
    `${source.place.path} does not hold what was looked into any more; it was left as it is.`,
    {
      hint: 'Look at the file again.',
    },
  );
}
