import { Fault } from '../core/fault';
import type { Place } from '../core/file';
import type { Located, Wanted } from '../core/remediation';
import type { SanitizedCopy } from '../core/sanitized';
import type { WorkflowDefinition } from '../core/workflow';
import type { Host, Inspected, Job } from '../host/host';
import { termsOf } from '../host/terms';
import { judge } from '../judge/judge';
import { judgeMembers } from '../judge/members';
import type { Act } from '../storages/act';
import { aim, type Opened } from './storages';
import { type ActDeps, type Done, handleOf, judged, type Placed, type UnderWay } from './under-way';

const failed = (path: string, why: string): Fault => new Fault('NOT_POSSIBLE', `${path} was not sanitized. ${why}`);

/** What came of one job; that its attempt was lost is a failure of the file. */
const ask = async (host: Host, job: Job): Promise<Inspected> => {
  const [outcome] = await host.inspect([job]);
  if (outcome === undefined || 'holds' in outcome) throw failed(job.place.path, 'The engine host did not answer.');
  if ('lost' in outcome) throw failed(job.place.path, `Its attempt was lost: ${outcome.reason}.`);
  return outcome;
};

/** The name of the copy: that of the file, with another ending where it is of another kind now, and a mark beside the original. */
const nameOf = (original: Uint8Array, extension: string | undefined, isBeside: boolean): Buffer => {
  const name = Buffer.from(original);
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.subarray(0, dot) : name;
  const ending = extension === undefined ? name.subarray(stem.length) : Buffer.from(`.${extension}`);
  return Buffer.concat([stem, Buffer.from(isBeside ? ' (sanitized)' : ''), ending]);
};

/** Where the copy goes, and whether the original may lie there. */
const target = async (
  deps: ActDeps,
  { held, from }: UnderWay,
  { where, to }: Extract<Wanted, { action: 'sanitize' }>,
  extension: string | undefined,
): Promise<Opened & Located> => {
  const { source } = held;
  const names = from.backend.namesOf(source.place);
  const isBeside = where !== 'elsewhere' || to === undefined;
  const named = [...names.slice(0, -1), nameOf(names.at(-1) ?? Buffer.alloc(0), extension, isBeside)];
  if (isBeside) return { ...from, storageId: source.storageId, place: from.backend.placeOf('', named) };
  return aim(deps.open, { ...source, place: from.backend.placeOf('', named) }, to);
};

/** A path of this host at which the engine host can open the file. */
const openable = async (deps: ActDeps, { act, held, identity, from }: UnderWay): Promise<Place> => {
  const { source } = held;
  if (from.backend.isLocal) return source.place;
  const name = from.backend.namesOf(source.place).at(-1) ?? Buffer.from('file');
  const path = deps.spool.pathOf(`${act.id}.source`, name);
  const opened = await from.backend.open(source.place, { identity }, deps.signal);
  await deps.spool.write(path, judged(deps, { held }, opened.stream));
  return { path: source.place.path, raw: path };
};

/** The copy is looked into like any file: what is found in it all the same must not go out as sanitized. */
const check = async (deps: ActDeps, job: Job, definition: WorkflowDefinition, path: string): Promise<void> => {
  const { findings, members } = await ask(deps.host, job);
  const inside =
    findings.inside && members
      ? { ...findings.inside, outcomes: judgeMembers(members, definition).outcomes }
      : findings.inside;
  const verdict = judge({ ...findings, inside }, definition, { path: job.place.path, size: job.size });
  if (verdict.state === 'Available' && verdict.status === 'Allowed') return;
  throw failed(path, `What was left of it is not Allowed either: ${verdict.explanation}`);
};

const hashOf = async (content: AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = new Bun.CryptoHasher('sha256');
  for await (const piece of content) hash.update(piece);
  return hash.digest('hex');
};

/** Whether an earlier copy is still there and would be the same again, so that another one beside it is of no use. */
const holdsThis = async (deps: ActDeps, { storageId, place, identity }: Placed, made: Buffer): Promise<boolean> => {
  try {
    const { backend } = await deps.open(storageId);
    const { stream } = await backend.open(place, { identity }, deps.signal);
    return (await hashOf(stream)) === (await hashOf(deps.spool.read(made)));
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
};

/** Whether there is nothing to be done, and nothing wrong with that. */
const isNeedless = (copy: SanitizedCopy, { where }: Extract<Wanted, { action: 'sanitize' }>): boolean =>
  'reason' in copy ? copy.isUnsuited === true && where !== 'instead' : copy.count === 0 && where === 'beside';

const whyNeedless = (copy: SanitizedCopy): string =>
  'reason' in copy ? copy.reason : 'It holds nothing that acts by itself.';

/** Makes a harmless copy, looks into it, and puts it where the workflow wants it; one that was cut off after that is done. */
export const sanitize = async (
  deps: ActDeps,
  underWay: UnderWay,
  wanted: Extract<Wanted, { action: 'sanitize' }>,
): Promise<Done> => {
  const { act, held } = underWay;
  const { finished, source } = held;
  const sha256 = finished.findings.content?.sha256;
  const workflow = await deps.store.workflows.findRevision(finished.workflowId, finished.workflowRevision);
  if (sha256 === undefined || workflow === undefined) throw new Error(`${finished.fileId} cannot be sanitized`);
  const { definition } = workflow;
  const claimed = act.destination;
  if (claimed !== undefined) {
    const { storageId } = claimed;
    const made = await (await deps.open(storageId)).backend.made(handleOf(deps, underWay, storageId));
    if (made !== undefined) return { destination: { storageId, ...made } };
  }
  try {
    const place = await openable(deps, underWay);
    const made = deps.spool.pathOf(act.id, Buffer.from('made'));
    const terms = { ...termsOf(definition), passwords: [] };
    const { size } = finished.findings.content ?? { size: 0 };
    const wish: Job = { ...terms, id: act.id, place, size, sanitize: { to: made.toString(), sha256 } };
    const { sanitized: copy } = await ask(deps.host, wish);
    if (copy === undefined) throw failed(source.place.path, 'The engine host did not answer.');
    if (isNeedless(copy, wanted)) return { needless: whyNeedless(copy) };
    if ('reason' in copy) throw failed(source.place.path, copy.reason);

    const into = await target(deps, underWay, wanted, copy.extension);
    const own = into.backend.namesOf(into.place).at(-1) ?? Buffer.from('file');
    // It is looked into under the name that it gets, for the name is looked at, too.
    const named = deps.spool.pathOf(`${act.id}.copy`, own);
    await deps.spool.write(named, deps.spool.read(made));
    const copyPlace = { path: into.place.path, raw: named };
    await check(deps, { ...terms, id: act.id, place: copyPlace, size: copy.size }, definition, source.place.path);

    const before = await deps.store.remediations.findCopy(source, sha256, wanted);
    if (before !== undefined && (await holdsThis(deps, before, named)))
      return { destination: before, removed: copy.removed };
    const handle: Act = handleOf(deps, underWay, into.storageId);
    const claim = await into.backend.put(into.place, deps.spool.read(named), handle, {});
    return { destination: { storageId: into.storageId, ...claim }, removed: copy.removed };
  } finally {
    for (const id of [act.id, `${act.id}.copy`, `${act.id}.source`]) deps.spool.remove(id);
  }
};

/** Gives the copy the place that the original had, once that is free. */
export const replace = async (deps: ActDeps, underWay: UnderWay): Promise<Done> => {
  const { held, from } = underWay;
  const made = held.acts.find(({ action, state }) => action === 'sanitize' && state === 'done')?.destination;
  if (made === undefined) throw new Error(`${held.finished.fileId} has no sanitized copy`);
  const name = from.backend.namesOf(made.place).at(-1) ?? Buffer.alloc(0);
  const names = from.backend.namesOf(held.source.place);
  const plain = Buffer.from(
    Buffer.from(name)
      .toString('latin1')
      .replace(/ \(sanitized\)(?= \(\d+\)|\.[^.]*$|$)/, ''),
    'latin1',
  );
  const place = from.backend.placeOf('', [...names.slice(0, -1), plain]);
  const handle = handleOf(deps, underWay, made.storageId);
  const claim = await from.backend.move(made.place, made.identity, place, handle);
  return { destination: { storageId: made.storageId, ...claim } };
};
