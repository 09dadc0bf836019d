import { changesSince } from '../core/change';
import type { Clock } from '../core/clock';
import type { Due } from '../core/file';
import type { Unread } from '../core/findings';
import type { Log } from '../core/log';
import { isInStorage, whereIs } from '../core/remediation';
import type { Workflow } from '../core/workflow';
import type { Host, Job } from '../host/host';
import { termsOf } from '../host/terms';
import { wantedOf } from '../remedy/plan';
import type { FindSource, Source } from '../remedy/source';
import type { OpenBackend } from '../storages/storages';
import type { Store } from '../store/store';
import type { Finished } from '../store/work';
import { takeGroup } from './group';
import { lookAgain, type Settleable } from './look-again';
import { sayMoved } from './moved';
import { createPasswords } from './passwords';
import type { Reach } from './reach';
import { createRecorder } from './recorder';
import { type RetryRule, settle } from './settle';
import type { Spool } from './spool';
import { type Brought, createSupply, type Taken } from './supply';
import { createSuspects } from './suspects';

export interface DispatchDeps {
  store: Store;
  host: Host;
  /** Starts the second host, with one thread, in which files that ended a host are looked into one by one. */
  startSuspectHost: () => Promise<Host>;
  openBackend: OpenBackend;
  reach: Reach;
  /** Where files that are not on this host are fetched to. */
  spool: Spool;
  retry: RetryRule;
  /** Names this start of the daemon: what another start held is free. */
  lease: string;
  clock: Clock;
  log: Log;
  findSource: FindSource;
  /** A group was kept. */
  recorded: (group: Finished[]) => Promise<void>;
  /** Nothing more can be kept; the program must end. */
  failed: (error: unknown) => void;
}

export interface Dispatch {
  /** Says that something may be due, or that a run is over. */
  wake: () => void;
  stop: () => Promise<void>;
}

const TAKE = 256;
/** How long files in flight may take to finish when Assay stops. Milliseconds. */
const STOP_GRACE = 1_000;

const notBegun = ({ fileId, alone }: Due) => ({ fileId, notBefore: 0, alone, uncount: true });

/** Gives what is due to the engine hosts and keeps what comes back. */
export const startDispatch = (deps: DispatchDeps): Dispatch => {
  const { store, host, clock, lease, retry, reach } = deps;
  const groupsAtOnce = host.threads * 3;
  const taken: Taken[] = [];
  const workflows = new Map<string, Promise<Workflow>>();
  const passwords = createPasswords(deps);
  const attempts = new Set<Promise<void>>();
  let inFlight = 0;
  let turn = 0;
  let stopped = false;
  let pumping: Promise<void> | undefined;
  let again = false;
  /** Nothing was due when it was last looked for; no need to look again before something may have become due. */
  let drained = false;
  let lookedAt = 0;
  let alarm: Timer | undefined;

  const recorder = createRecorder(
    async (group) => {
      await store.work.record(group);
      await deps.recorded(group);
    },
    (error) => fail(error),
  );

  const workflowOf = (due: Due): Promise<Workflow> => {
    const key = `${due.workflowId}/${due.workflowRevision}`;
    let workflow = workflows.get(key);
    if (workflow === undefined) {
      workflow = store.workflows.findRevision(due.workflowId, due.workflowRevision).then((found) => {
        if (found === undefined) throw new Error(`workflow ${key} is not in the store`);
        return found;
      });
      workflows.set(key, workflow);
    }
    return workflow;
  };

  const toJob = async (due: Due, { place, open }: Source): Promise<Job> => {
    const { definition } = await workflowOf(due);
    return {
      id: due.fileId,
      place,
      open,
      size: due.size,
      ...termsOf(definition),
      passwords: await passwords.of(due),
      earlier: due.earlier?.known,
      mayHoldOther: due.earlier?.mayReuse,
    };
  };

  /** Whether a local file that is not to be had is so because its storage is away as a whole. */
  const isAway = async (due: Taken, outcome: Settleable): Promise<boolean> =>
    due.file === undefined &&
    isInStorage(due) &&
    'findings' in outcome &&
    ['gone', 'unreadable'].includes(outcome.findings.unread?.why ?? '') &&
    !(await reach.check(whereIs(due).storageId));

  const keep = async (group: Taken[], outcomes: Settleable[]): Promise<void> => {
    const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
    const back: Parameters<typeof store.work.giveBack>[0] = [];
    for (const due of group) {
      const outcome = byId.get(due.fileId) ?? {
        id: due.fileId,
        lost: 'notBegun',
        reason: 'the engine host did not answer',
      };
      if (await isAway(due, outcome)) {
        back.push(notBegun(due));
        continue;
      }
      if ('findings' in outcome && outcome.usedPassword !== undefined)
        passwords.worked(due.runId, outcome.usedPassword);
      const { definition } = await workflowOf(due);
      const settled = settle(due, outcome, definition, retry, clock());
      if ('again' in settled) {
        back.push({ fileId: due.fileId, ...settled.again });
        continue;
      }
      const { verdict } = settled;
      const findings = due.file === undefined ? settled.findings : { ...settled.findings, identity: due.file.identity };
      const wanted = wantedOf(definition, verdict, findings, due.location);
      recorder.add({
        ...due,
        id: due.processingId,
        acts: wanted.length === 0 ? undefined : { source: whereIs(due), wanted },
        location: undefined,
        rescanId: due.reason === 'rescan' ? due.runId : undefined,
        verdict,
        findings,
        newHash: due.file?.hash === due.hash ? undefined : due.file?.hash,
        members: settled.members,
        changes: due.earlier && changesSince(due.earlier.outcome, verdict, findings),
      });
    }
    if (back.length > 0) {
      await store.work.giveBack(back);
      drained = false;
      if (back.some(({ alone }) => alone)) suspects.look();
    }
  };

  const sourceOf = async (due: Taken): Promise<Source | Unread> => {
    const { file } = due;
    if (file === undefined) return deps.findSource(due);
    return { place: whereIs(due).place, open: file.path, close: file.release };
  };

  const inspect = async (on: Host, group: Taken[]): Promise<Settleable[]> => {
    const open: Source[] = [];
    const jobs: Job[] = [];
    const unread: Settleable[] = [];
    try {
      for (const due of group) {
        const source = await sourceOf(due);
        if ('why' in source) {
          const now = clock();
          unread.push({ id: due.fileId, findings: { unread: source, answers: [], startedAt: now, endedAt: now } });
          continue;
        }
        open.push(source);
        jobs.push(await toJob(due, source));
      }
      return [...unread, ...(await lookAgain(jobs, on.inspect, store.known.find))];
    } finally {
      for (const { close } of open) close();
    }
  };

  const attempt = async (on: Host, group: Taken[]): Promise<void> => {
    try {
      await keep(group, await sayMoved(group, await inspect(on, group), store.moved.find));
    } catch (error) {
      fail(error);
    }
  };

  /** Keeps what came of a file that is not given to an engine host; returns the others. */
  const settleBrought = async (due: Due, what: Brought): Promise<Taken[]> => {
    if (what === 'waits') await store.work.giveBack([notBegun(due)]);
    else if ('taken' in what) return [what.taken];
    else await keep([due], [{ id: due.fileId, findings: what.findings }]);
    return [];
  };

  const supply = createSupply({
    ...deps,
    definitionOf: async (due) => (await workflowOf(due)).definition,
    brought: async (due, what) => {
      taken.push(...(await settleBrought(due, what)));
      proceed();
    },
    room: () => {
      drained = false;
    },
    failed: (error) => fail(error),
  });

  const track = (attempted: Promise<void>): Promise<void> => {
    attempts.add(attempted);
    return attempted.finally(() => attempts.delete(attempted));
  };

  /** Takes what is due from one run after the other, so that a large scan does not hold up a small one. */
  const takeMore = async (alone: boolean, limit: number): Promise<Due[]> => {
    const runs = await store.work.listRuns();
    passwords.keepOnly(runs.map(({ id }) => id));
    turn += 1;
    // Kept, because it moves on when both hosts want more at once; each run must be asked.
    const first = turn;
    lookedAt = clock();
    const closed = supply.closed();
    for (let i = 0; i < runs.length; i++) {
      const { id, storageId } = runs[(first + i) % runs.length] as (typeof runs)[number];
      if (storageId !== undefined && closed.includes(storageId)) continue;
      const due = await store.work.take(lease, id, limit, lookedAt, alone, storageId === undefined ? closed : []);
      if (due.length > 0) return due;
    }
    return [];
  };

  const fail = (error: unknown): void => {
    if (stopped) return;
    stopped = true;
    deps.failed(error);
  };

  const bringAlone = async (due: Due): Promise<Taken[]> => settleBrought(due, await supply.bring(due));

  const suspects = createSuspects({
    takeOne: async () => (await takeMore(true, 1))[0],
    startHost: deps.startSuspectHost,
    attempt: (second, due) => track(bringAlone(due).then((group) => attempt(second, group))),
    giveBack: (due) => store.work.giveBack([notBegun(due)]),
    clock,
    log: deps.log,
    failed: fail,
  });

  const setAlarm = async (): Promise<void> => {
    const at = await store.work.nextDue(lookedAt);
    clearTimeout(alarm);
    if (at !== undefined && !stopped) alarm = setTimeout(wake, Math.max(10, at - clock()));
  };

  const pump = async (): Promise<void> => {
    do {
      again = false;
      while (!stopped && inFlight < groupsAtOnce) {
        if (taken.length < TAKE / 4 && !drained) {
          drained = true;
          const due = await takeMore(false, TAKE);
          if (due.length > 0) drained = false;
          taken.push(...(await supply.take(due)));
        }
        const group = takeGroup(taken);
        if (group.length === 0) {
          if (drained) break;
          continue;
        }
        inFlight += 1;
        void track(attempt(host, group)).then(() => {
          inFlight -= 1;
          proceed();
        });
      }
      if (stopped) return;
      if (inFlight === 0) {
        void recorder.flush();
        await setAlarm();
      }
    } while (again);
  };

  const wake = (): void => {
    if (stopped) return;
    drained = false;
    suspects.look();
    proceed();
  };

  const proceed = (): void => {
    if (stopped) return;
    if (pumping !== undefined) {
      again = true;
      return;
    }
    pumping = pump()
      .catch(fail)
      .finally(() => {
        pumping = undefined;
        if (again) proceed();
      });
  };

  return {
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(alarm);
      await pumping;
      // What is nearly done may be finished; the rest is given back, its attempt not counted.
      await Promise.race([Promise.all(attempts), Bun.sleep(STOP_GRACE)]);
      await host.stop();
      const unbrought = await supply.stop();
      await suspects.stop();
      await Promise.all(attempts);
      for (const { file } of taken) file?.release();
      await store.work.giveBack([...taken, ...unbrought].map(notBegun));
      await recorder.flush();
    },
  };
};
