import { changesSince } from '../core/change';
import type { Clock } from '../core/clock';
import type { Due } from '../core/file';
import type { Log } from '../core/log';
import type { Workflow } from '../core/workflow';
import type { Host, Job } from '../host/host';
import { termsOf } from '../host/terms';
import { wantedOf } from '../remedy/plan';
import type { FindSource, Source } from '../remedy/source';
import type { Store } from '../store/store';
import type { Finished } from '../store/work';
import { takeGroup } from './group';
import { lookAgain, type Settleable } from './look-again';
import { sayMoved } from './moved';
import { createPasswords } from './passwords';
import { createRecorder } from './recorder';
import { type RetryRule, settle } from './settle';
import { createSuspects } from './suspects';

export interface DispatchDeps {
  store: Store;
  host: Host;
  /** Starts the second host, with one thread, in which files that ended a host are looked into one by one. */
  startSuspectHost: () => Promise<Host>;
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
  const { store, host, clock, lease, retry } = deps;
  const groupsAtOnce = host.threads * 3;
  const taken: Due[] = [];
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

  const toJob = async (due: Due, { place }: Source): Promise<Job> => {
    const { definition } = await workflowOf(due);
    return {
      id: due.fileId,
      place,
      size: due.size,
      ...termsOf(definition),
      passwords: await passwords.of(due),
      earlier: due.earlier?.known,
      mayHoldOther: due.earlier?.mayReuse,
    };
  };

  const keep = async (group: Due[], outcomes: Settleable[]): Promise<void> => {
    const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
    const back: Parameters<typeof store.work.giveBack>[0] = [];
    for (const due of group) {
      const outcome = byId.get(due.fileId) ?? {
        id: due.fileId,
        lost: 'notBegun',
        reason: 'the engine host did not answer',
      };
      if ('findings' in outcome && outcome.usedPassword !== undefined)
        passwords.worked(due.runId, outcome.usedPassword);
      const { definition } = await workflowOf(due);
      const settled = settle(due, outcome, definition, retry, clock());
      if ('again' in settled) {
        back.push({ fileId: due.fileId, ...settled.again });
        continue;
      }
      const { verdict, findings } = settled;
      const wanted = wantedOf(definition, verdict, findings, due.location);
      const storageId = due.location?.is === 'moved' ? due.location.storageId : due.storageId;
      const place = due.location?.is === 'moved' ? due.location.place : due.place;
      recorder.add({
        ...due,
        id: due.processingId,
        acts: wanted.length === 0 ? undefined : { source: { storageId, place }, wanted },
        location: undefined,
        rescanId: due.reason === 'rescan' ? due.runId : undefined,
        verdict,
        findings,
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

  const inspect = async (on: Host, group: Due[]): Promise<Settleable[]> => {
    const open: Source[] = [];
    const jobs: Job[] = [];
    const unread: Settleable[] = [];
    try {
      for (const due of group) {
        const source = await deps.findSource(due);
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

  const attempt = async (on: Host, group: Due[]): Promise<void> => {
    try {
      await keep(group, await sayMoved(group, await inspect(on, group), store.moved.find));
    } catch (error) {
      fail(error);
    }
  };

  const track = (attempted: Promise<void>): Promise<void> => {
    attempts.add(attempted);
    return attempted.finally(() => attempts.delete(attempted));
  };

  /** Takes what is due from one run after the other, so that a large scan does not hold up a small one. */
  const takeMore = async (alone: boolean, limit: number): Promise<Due[]> => {
    const runs = await store.work.listRuns();
    passwords.keepOnly(runs);
    turn += 1;
    // Kept, because it moves on when both hosts want more at once; each run must be asked.
    const first = turn;
    for (let i = 0; i < runs.length; i++) {
      const run = runs[(first + i) % runs.length] as string;
      const due = await store.work.take(lease, run, limit, clock(), alone);
      if (due.length > 0) return due;
    }
    return [];
  };

  const fail = (error: unknown): void => {
    if (stopped) return;
    stopped = true;
    deps.failed(error);
  };

  const suspects = createSuspects({
    takeOne: async () => (await takeMore(true, 1))[0],
    startHost: deps.startSuspectHost,
    attempt: (second, due) => track(attempt(second, [due])),
    giveBack: (due) => store.work.giveBack([notBegun(due)]),
    clock,
    failed: fail,
  });

  const setAlarm = async (): Promise<void> => {
    const at = await store.work.nextDue();
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
          taken.push(...due);
        }
        const group = takeGroup(taken);
        if (group.length === 0) break;
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
      await suspects.stop();
      await Promise.all(attempts);
      if (taken.length > 0) await store.work.giveBack(taken.map(notBegun));
      await recorder.flush();
    },
  };
};
