import type { Clock } from '../core/clock';
import { Fault, isAway } from '../core/fault';
import type { Log } from '../core/log';
import type { Entry } from '../core/quarantine';
import type { Located } from '../core/remediation';
import type { Workflow } from '../core/workflow';
import type { OpenBackend } from '../storages/storages';
import type { Restoring } from '../store/quarantine';
import type { Store } from '../store/store';
import { createAllow } from './allow';
import { createOpenStorage } from './storages';
import type { Vault } from './vault';

/** Where a file is restored to, and whether it is never to be taken away again. */
export interface Wish {
  /** The very place where it was without. */
  to?: {
    /** The storage that it was in without. */
    storageId?: string;
    folder: string;
  };
  /** Its content gets onto the allow list of a workflow: the one that is named, else the one that applies where it is restored to. */
  allow?: { workflowId?: string };
}

/** What came of it: where the file is, and the workflow that allows its content now. */
export interface Restored extends Located {
  allowedBy?: Workflow;
}

export interface Quarantine {
  /**
   * Puts a file back with its owner, mode and times, and overwrites nothing. A restore of it that was cut off is ended, whatever is wished now.
   * @throws Fault NOT_FOUND, NAME_TAKEN when something is where it was, FILE_IN_PROGRESS, NOT_POSSIBLE when it is not held any more, or
   * cannot be allowed
   */
  restore: (id: string, wish: Wish, actor: string) => Promise<Restored>;
  /** Removes a file for good. @throws Fault NOT_FOUND, FILE_IN_PROGRESS, NOT_POSSIBLE */
  purge: (id: string, actor: string) => Promise<void>;
  /** Removes for good what came before a time. Returns how many. */
  purgeOlder: (than: number, actor: string) => Promise<number>;
  stop: () => Promise<void>;
}

export interface QuarantineDeps {
  store: Store;
  openBackend: OpenBackend;
  vault: Vault;
  /** How long a file is held. Milliseconds; for ever without. */
  keep?: number;
  clock: Clock;
  log: Log;
  /** Nothing more can be kept; the program must end. */
  failed: (error: unknown) => void;
}

const GROUP = 100;
const HOUR = 3_600_000;

/** Ends the restores that were cut off, and removes for good what is held too long, until it is stopped. */
export const startQuarantine = async (deps: QuarantineDeps): Promise<Quarantine> => {
  const { store, vault, clock, log, keep } = deps;
  const { quarantine } = store;
  const open = createOpenStorage(store, deps.openBackend);
  const allow = createAllow(store, clock);
  const under = new Set<Promise<unknown>>();
  const busy = new Set<string>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    under.add(work);
    return work.finally(() => under.delete(work));
  };

  /** Of a file nothing is done while something is done with it. */
  const alone = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    if (busy.has(id)) throw new Fault('FILE_IN_PROGRESS', `${id} is being restored or removed already.`);
    busy.add(id);
    try {
      return await work();
    } finally {
      busy.delete(id);
    }
  };

  const getHeld = async (id: string): Promise<Entry> => {
    const entry = await quarantine.find(id);
    if (entry === undefined || entry.state === 'coming') {
      throw new Fault('NOT_FOUND', `There is no ${id} in quarantine.`, {
        hint: 'List the quarantine to see what is in it.',
      });
    }
    if (entry.state !== 'held')
      throw new Fault('NOT_POSSIBLE', `${entry.place.path} is ${entry.state}, so it is not held any more.`);
    if ((await store.work.find(entry.fileId)) !== undefined) {
      throw new Fault('FILE_IN_PROGRESS', `${entry.place.path} is being looked into.`, {
        hint: 'Wait for that result.',
      });
    }
    return entry;
  };

  /** The storage that a file is restored to. @throws Fault NOT_FOUND */
  const storageFor = async ({ storageId, storageName }: Entry, { to }: Wish): Promise<string> => {
    const id = to?.storageId ?? storageId;
    if (to?.storageId !== undefined || (await store.storages.find(id)) !== undefined) return id;
    throw new Fault('NOT_FOUND', `The storage ${storageName}, which it was in, was removed from Assay.`, {
      hint: 'Restore it to another place: "assay quarantine restore ID --to FOLDER".',
    });
  };

  const put = async (entry: Entry, restoring: Restoring, again: boolean) => {
    const { id } = entry;
    const { backend } = await open(restoring.storageId);
    const key = await quarantine.key(id);
    if (key === undefined) throw new Error(`${id} is held without a key`);
    const claimed = restoring.identity === undefined ? undefined : { ...restoring, identity: restoring.identity };
    const claim = await backend.put(
      restoring.place,
      vault.read(id, key, entry.sha256),
      { id, again, claimed, claim: (claim) => quarantine.claimRestore(id, { ...restoring, ...claim }) },
      { attributes: entry.attributes, exact: restoring.exact },
    );
    return { backend, claim };
  };

  /** @param again a restore that was cut off: it is ended */
  const restore = async (entry: Entry, restoring: Restoring, again: boolean): Promise<Restored> => {
    const { id } = entry;
    const { storageId, actor, allowBy } = restoring;
    const { backend, claim } = await put(entry, restoring, again).catch(async (error) => {
      // It may be there already, which is seen once its storage is.
      if (!again || !isAway(error)) await quarantine.giveUpRestore(id);
      throw error;
    });
    const found = await backend.stat(claim.place).catch(() => undefined);
    const written = found === undefined ? [] : [{ storageId, found, changed: found.identity !== claim.identity }];
    // Not before the file is back: what is still held needs no leave.
    const allowed = allowBy === undefined ? undefined : await allow.add(entry, allowBy, actor).catch(toFault);
    const allowedBy = allowed instanceof Fault ? undefined : allowed;
    await quarantine.endRestore(entry, { storageId, ...claim }, { written, allowedBy }, { actor, at: clock() });
    vault.remove(id);
    if (allowed instanceof Fault) {
      throw new Fault(allowed.code, `${claim.place.path} is back, but not allowed: ${allowed.message}`, allowed);
    }
    return { storageId, place: claim.place, allowedBy };
  };

  const remove = async (entry: Entry, actor: string): Promise<void> => {
    await quarantine.purge(entry, { actor, at: clock() });
    vault.remove(entry.id);
  };

  const purgeOlder = async (than: number, actor: string): Promise<number> => {
    let purged = 0;
    const inProgress = new Set<string>();
    for (;;) {
      const group = (await quarantine.listOlder(than, GROUP + inProgress.size)).filter(({ id }) => !inProgress.has(id));
      if (group.length === 0) return purged;
      for (const entry of group) {
        if (busy.has(entry.id) || (await store.work.find(entry.fileId)) !== undefined) {
          inProgress.add(entry.id);
          continue;
        }
        await alone(entry.id, () => remove(entry, actor));
        purged += 1;
      }
    }
  };

  const purgeByAge = async (): Promise<void> => {
    if (keep === undefined) return;
    const files = await purgeOlder(clock() - keep, 'assay');
    if (files > 0) log.info({ files }, 'files were held long enough in quarantine and are removed for good');
  };

  const isRestoring = async (id: string): Promise<boolean> => (await quarantine.find(id))?.state === 'restoring';

  const endCutOff = async (): Promise<void> => {
    for (const { entry, restoring } of await quarantine.listRestoring()) {
      const { id } = entry;
      if (busy.has(id)) continue;
      const end = async () => (await isRestoring(id)) && restore(entry, restoring, true);
      await alone(id, end).catch((error) => {
        const { message: reason } = toFault(error);
        log.warn(
          { id, reason },
          isAway(error)
            ? 'a restore that was cut off waits for its storage'
            : 'a restore that was cut off could not be ended: it is held as before',
        );
      });
    }
  };

  await endCutOff();
  // What was cut off between the erasing of its key and the removal of its content.
  for (const id of vault.list()) {
    const state = (await quarantine.find(id))?.state;
    if (state === undefined || state === 'restored' || state === 'purged') vault.remove(id);
  }
  await purgeByAge();
  const hourly = setInterval(() => void track(endCutOff().then(purgeByAge).catch(deps.failed)), HOUR);

  return {
    restore: (id, wish, actor) =>
      track(
        alone(id, async () => {
          const { to, allow: leave } = wish;
          const cutOff = (await quarantine.listRestoring()).find(({ entry }) => entry.id === id);
          if (cutOff !== undefined) return restore(cutOff.entry, cutOff.restoring, true);
          const entry = await getHeld(id);
          const storageId = await storageFor(entry, wish);
          const place =
            to === undefined ? entry.place : (await open(storageId)).backend.placeOf(to.folder, [nameOf(entry)]);
          const allowBy = leave && (await allow.choose(entry, { storageId, place }, leave.workflowId));
          const restoring: Restoring = { storageId, place, exact: to === undefined, actor, allowBy };
          await quarantine.beginRestore(id, restoring);
          return restore(entry, restoring, false);
        }),
      ),

    purge: (id, actor) => track(alone(id, async () => remove(await getHeld(id), actor))),

    purgeOlder: (than, actor) => track(purgeOlder(than, actor)),

    stop: async () => {
      clearInterval(hourly);
      await Promise.allSettled(under);
    },
  };
};

const toFault = (error: unknown): Fault => {
  if (error instanceof Fault) return error;
  throw error;
};

const nameOf = ({ place }: Entry): Uint8Array => {
  const path = Buffer.from(place.raw ?? place.path);
  return path.subarray(path.lastIndexOf('/') + 1);
};
