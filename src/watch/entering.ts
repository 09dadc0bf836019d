import type { Clock } from '../core/clock';
import type { Found } from '../core/file';
import type { Scans } from '../scans/scans';
import type { ActiveRealtime, NoticedBy } from '../store/realtime';
import type { Store } from '../store/store';

export interface EnteringDeps {
  store: Store;
  scans: Scans;
  active: ActiveRealtime;
  clock: Clock;
  failed: (error: unknown) => void;
}

/** Keeps what is noticed in one storage, and makes what changed due. */
export interface Entering {
  /** Settles when the group is kept. */
  notice: (group: Found[], by: NoticedBy) => Promise<void>;
  /** Does something once all that was noticed until now is kept. */
  after: (work: () => Promise<void>) => void;
  /** A file of the scan has its result: one that changed while it was looked into can be due again. */
  freed: () => void;
  /** Settles when nothing more is under way; later calls do nothing. */
  end: () => Promise<void>;
}

export const createEntering = ({ store, scans, active, clock, failed }: EnteringDeps): Entering => {
  let last: Promise<void> = Promise.resolve();
  let hasEnded = false;
  /** Something is wanted that was being looked into when it was to be made due. */
  let held = false;
  let queued = false;

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(() => (hasEnded ? undefined : work())).catch(failed);
    return last;
  };

  const enter = async (): Promise<void> => {
    const storage = await store.storages.find(active.storageId);
    const workflow = await scans.workflowFor(storage?.workflowId, active.workflowId);
    const by = {
      scanId: active.scanId,
      storageId: active.storageId,
      reason: 'realtime' as const,
      workflowId: workflow.id,
      workflowRevision: workflow.revision,
    };
    let entered = 0;
    for (
      let group = await store.realtime.enter(by, clock());
      group > 0;
      group = await store.realtime.enter(by, clock())
    ) {
      entered += group;
    }
    if (entered > 0) await scans.wake();
    held = await store.realtime.hasWanted(active.scanId);
  };

  return {
    notice: (group, by) =>
      inTurn(async () => {
        await store.realtime.notice(active.scanId, group, by);
        await enter();
      }),

    after: (work) => void inTurn(work),

    freed: () => {
      if (!held || queued) return;
      queued = true;
      void inTurn(async () => {
        queued = false;
        await enter();
      });
    },

    end: async () => {
      await last;
      hasEnded = true;
    },
  };
};
