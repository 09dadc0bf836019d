import { randomBytes } from 'node:crypto';
import { Fault } from '../core/fault';
import type { Located } from '../core/remediation';
import { RESULTS } from '../core/result';
import type { Act, Claim } from '../storages/act';
import { takeAway } from '../storages/take-away';
import type { Written } from '../store/own-writes';
import type { DueAct } from '../store/remediations';
import { replace, sanitize } from './sanitize';
import { aim, type Opened } from './storages';
import { type ActDeps, type Done, handleOf, judged, type UnderWay } from './under-way';
import { KEY_LENGTH } from './vault';

/** Copies a file into another storage, unless it was cut off after that. */
const carry = async (deps: ActDeps, underWay: UnderWay, to: Opened & Located, handle: Act): Promise<Claim> => {
  const { held, identity, from } = underWay;
  const before = await to.backend.made(handle);
  if (before !== undefined) return before;
  const opened = await from.backend.open(held.source.place, { identity }, deps.signal);
  const content = judged(deps, underWay, opened.stream);
  return to.backend.put(to.place, content, handle, { attributes: opened.attributes });
};

const tag = async (deps: ActDeps, underWay: UnderWay, tags: { [name: string]: string }): Promise<Done> => {
  const { held, identity, from } = underWay;
  const { storageId, place } = held.source;
  await handleOf(deps, underWay, storageId).claim({ place, identity });
  await from.backend.tag(place, identity, tags);
  return { destination: { storageId, place, identity } };
};

const copy = async (deps: ActDeps, underWay: UnderWay, wanted: Extract<DueAct['wanted'], { action: 'copy' }>) => {
  const { to } = wanted;
  const { held, identity, from } = underWay;
  const { source, finished } = held;
  const into = await aim(deps.open, source, to);
  if (into.isThere) return { destination: { ...source, identity } };
  const sha256 = finished.findings.content?.sha256;
  const before = sha256 === undefined ? undefined : await deps.store.remediations.findCopy(source, sha256, wanted);
  if (before !== undefined && (await into.backend.stat(before.place))?.identity === before.identity)
    return { destination: before };
  const handle = handleOf(deps, underWay, into.storageId);
  const claim =
    into.storageId === source.storageId
      ? await from.backend.copy(source.place, identity, into.place, handle)
      : await carry(deps, underWay, into, handle);
  return { destination: { storageId: into.storageId, ...claim } };
};

const move = async (deps: ActDeps, underWay: UnderWay, to: Extract<DueAct['wanted'], { action: 'move' }>['to']) => {
  const { held, identity, from } = underWay;
  const { source } = held;
  const into = await aim(deps.open, source, to);
  if (into.isThere) return { destination: { ...source, identity } };
  const handle = handleOf(deps, underWay, into.storageId);
  if (into.storageId === source.storageId)
    return {
      destination: {
        storageId: into.storageId,
        ...(await from.backend.move(source.place, identity, into.place, handle)),
      },
    };
  const claim = await carry(deps, underWay, into, handle);
  const undo = () => into.backend.remove(claim.place, claim.identity, { ...handle, again: true });
  await takeAway(from.backend, { ...source, identity }, handle, undo);
  return { destination: { storageId: into.storageId, ...claim } };
};

const remove = async (deps: ActDeps, underWay: UnderWay): Promise<Done> => {
  const { held, identity, from } = underWay;
  await from.backend.remove(held.source.place, identity, handleOf(deps, underWay, held.source.storageId));
  return {};
};

/** First a whole copy in quarantine, then the file away: in between, the copy alone says that the act is to be ended. */
const quarantine = async (deps: ActDeps, underWay: UnderWay): Promise<Done> => {
  const { store, vault, clock, signal } = deps;
  const { act, held, identity, from } = underWay;
  const { finished, source } = held;
  const { verdict, findings } = finished;
  const handle = handleOf(deps, underWay, source.storageId);
  if ((await store.quarantine.find(act.id))?.state !== 'held') {
    const opened = await from.backend.open(source.place, { identity }, signal);
    const key = randomBytes(KEY_LENGTH);
    await store.quarantine.insert(
      {
        ...source,
        id: act.id,
        fileId: finished.fileId,
        storageName: from.storage.name,
        size: opened.size,
        sha256: findings.content?.sha256 ?? '',
        resultCode: verdict.resultCode,
        reason: verdict.explanation || RESULTS[verdict.resultCode],
        attributes: opened.attributes,
        createdAt: clock(),
      },
      key,
    );
    const content = judged(deps, underWay, opened.stream);
    try {
      await store.quarantine.hold(act.id, await vault.write(act.id, key, content));
    } catch (error) {
      await store.quarantine.forget(act.id);
      throw toVaultFault(error);
    }
  }
  await takeAway(from.backend, { ...source, identity }, handle, async () => {
    await store.quarantine.forget(act.id);
    vault.remove(act.id);
  });
  return {};
};

const toVaultFault = (error: unknown): unknown => {
  const code = (error as { code?: unknown }).code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new Fault('DISK_FULL', 'There is no room left in the data directory, where the quarantine is.', {
    hint: 'Free some space there, and look at the file again.',
    cause: error,
  });
};

/** Does one act, or ends one that was cut off. @throws Fault when nothing was done, or STORAGE_UNREACHABLE */
export const carryOut = async (deps: ActDeps, underWay: UnderWay): Promise<Done> => {
  const { wanted } = underWay.act;
  const done = await (() => {
    switch (wanted.action) {
      case 'tag':
        return tag(deps, underWay, wanted.tags);
      case 'copy':
        return copy(deps, underWay, wanted);
      case 'move':
        return move(deps, underWay, wanted.to);
      case 'delete':
        return remove(deps, underWay);
      case 'quarantine':
        return quarantine(deps, underWay);
      case 'sanitize':
        return sanitize(deps, underWay, wanted);
      case 'replace':
        return replace(deps, underWay);
    }
  })();
  if ('removeEmptyFolders' in wanted && wanted.removeEmptyFolders)
    await underWay.from.backend.removeEmptyFolders(underWay.held.source.place).catch((error) => {
      // The act itself is done all the same.
      if (!(error instanceof Fault)) throw error;
    });
  return done;
};

/** What an act wrote, as it is now: for real-time processing, which must neither look into our own work nor miss another's. */
export const writtenBy = async (deps: ActDeps, underWay: UnderWay): Promise<Written[]> => {
  const written: Written[] = [];
  for (const one of underWay.claimed) {
    const { storageId, place, identity } = one;
    const handle = { ...handleOf(deps, underWay, storageId), claimed: one };
    try {
      const { backend } = await deps.open(storageId);
      const found = await backend.stat(place);
      const isOurs = found?.identity === identity || (await backend.made(handle)) !== undefined;
      if (found !== undefined) written.push({ storageId, found, changed: !isOurs });
    } catch (error) {
      // What cannot be told of now is met by the next listing.
      if (!(error instanceof Fault)) throw error;
    }
  }
  return written;
};
