import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import type { FileRecord } from '../core/file';
import { type ReprocessFilter, takes } from '../core/filter';
import { newId } from '../core/id';
import { isOutdated, judgedBy } from '../core/judged';
import { DETECTIONS, type Detection, type StatusFilter } from '../core/result';
import { isGuarding, type Rescan, type Scan } from '../core/scan';
import type { Workflow } from '../core/workflow';
import type { Host } from '../host/host';
import type { Scans } from '../scans/scans';
import type { Store } from '../store/store';
import type { Tally } from '../store/tallies';
import { createRescanFiles, type FilesRequest } from './files';

/** Which files of a report, and how. */
export interface ReportRequest extends ReprocessFilter {
  /** Only those that were judged with older definitions or an older workflow revision than today's. */
  outdated?: boolean;
  workflowId?: string;
  /** Asks every engine, also where its answer would be the same again. */
  force?: boolean;
  /** To try on what is encrypted, in their order, before the workflow's own. Every engine is then asked. */
  passwords?: string[];
}

/** What a rescan would take, before anything starts. */
export interface Preview {
  count: number;
  byStatus: { [status in StatusFilter]: number };
  byDetection: { [detection in Detection]: number };
}

export interface Rescans {
  /**
   * Looks again at single files; every engine is asked.
   * @throws Fault NOT_FOUND, SCAN_NOT_FINISHED, REALTIME_SCAN_ACTIVE, FILE_IN_PROGRESS
   */
  files: (request: FilesRequest, actor: string) => Promise<{ rescanId: string; files: FileRecord[] }>;
  /** @throws Fault NOT_FOUND, also for the workflow; SCAN_NOT_FINISHED, REALTIME_SCAN_ACTIVE */
  preview: (scanId: string, request: ReportRequest) => Promise<Preview>;
  /** Looks again at the files of a report. `count` is how many the filter takes now. */
  report: (scanId: string, request: ReportRequest, actor: string) => Promise<{ rescanId: string; count: number }>;
  /** How many files of a report would be judged with something else today. */
  countOutdated: (scan: Scan) => Promise<number>;
  /** @throws Fault NOT_FOUND, SCAN_FINISHED */
  pause: (id: string, actor: string) => Promise<Rescan>;
  resume: (id: string, actor: string) => Promise<Rescan>;
  cancel: (id: string, actor: string) => Promise<Rescan>;
  stop: () => Promise<void>;
}

export interface RescansDeps {
  store: Store;
  scans: Scans;
  host: Pick<Host, 'engines'>;
  clock: Clock;
  /** Nothing more can be kept; the program must end. */
  failed: (error: unknown) => void;
}

/** Files of a batch that are judged are in the report's tallies once; what a file counts as is its latest outcome. */
const previewOf = (tallies: Tally[]): Preview => {
  const byStatus = { Allowed: 0, Blocked: 0, Failed: 0, FailedRemediation: 0, Canceled: 0 };
  const byDetection = Object.fromEntries(DETECTIONS.map((detection) => [detection, 0])) as Preview['byDetection'];
  let count = 0;
  for (const { state, status, detections, files } of tallies) {
    count += files;
    if (state === 'Available' && status !== undefined) byStatus[status] += files;
    else if (state !== 'Available' && state !== 'InProgress') byStatus[state] += files;
    for (const detection of detections) byDetection[detection] += files;
  }
  return { count, byStatus, byDetection };
};

const MOVES: { [verb in 'pause' | 'resume' | 'cancel']: { from: Rescan['state'][]; to: Rescan['state'] } } = {
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: { from: ['running', 'paused'], to: 'canceled' },
};

/** Looks again at what was judged: single files, or a report by a filter. Takes up the rescans whose planning was cut off. */
export const startRescans = async ({ store, scans, host, clock, failed }: RescansDeps): Promise<Rescans> => {
  const planning = new Map<string, Promise<void>>();
  let stopped = false;

  /** Makes the files of a report due, group by group; results of the first come while the last are still being planned. */
  const plan = (id: string): void => {
    const run = async () => {
      while (
        !stopped &&
        (await store.rescans.find(id))?.state === 'running' &&
        (await store.rescans.plan(id, clock()))
      ) {
        await scans.wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!stopped) await scans.wake();
    };
    // Behind the one before it, which may have seen a pause that is over now.
    const planned = (planning.get(id) ?? Promise.resolve())
      .then(run)
      .catch(failed)
      .finally(() => planning.get(id) === planned && planning.delete(id));
    planning.set(id, planned);
  };

  const getReport = async (scanId: string): Promise<Scan> => {
    const scan = await store.scans.find(scanId);
    if (scan === undefined)
      throw new Fault('NOT_FOUND', `There is no scan ${scanId}.`, { hint: 'List the scans to see their ids.' });
    if (scan.state !== 'running' && scan.state !== 'paused') return scan;
    if (isGuarding(scan)) {
      throw new Fault('REALTIME_SCAN_ACTIVE', 'The real-time scan is active.', {
        hint: 'Stop the real-time processing first.',
      });
    }
    throw new Fault('SCAN_NOT_FINISHED', `The scan is ${scan.state}.`, {
      hint: scan.state === 'paused' ? 'Resume it, or cancel it.' : 'Wait until it has finished, or cancel it.',
    });
  };

  const workflowOf = async (scan: Scan, workflowId?: string): Promise<Workflow> => {
    const storage = await store.storages.find(scan.storageId);
    return scans.workflowFor(storage?.workflowId, workflowId);
  };

  /** What files of a report would be judged with now. */
  const judgedNow = async ({ id, revision, definition }: Workflow): Promise<string> => {
    const running = await host.engines();
    const wanted = definition.engines === 'all' ? running.map((engine) => engine.id) : definition.engines;
    // An engine that is wanted and does not run answers too: that it failed, knowing nothing.
    const knowledge = wanted.map((engineId) => {
      const engine = running.find((one) => one.id === engineId);
      return { engineId, definitions: engine?.definitions, settings: engine?.settings };
    });
    return judgedBy(id, revision, knowledge);
  };

  const taken = async (scan: Scan, filter: ReprocessFilter, now: string | undefined): Promise<Tally[]> =>
    (await store.scans.tallies(scan.id)).filter(
      (tally) => takes(filter, tally) && (now === undefined || isOutdated(tally.judgedWith, now)),
    );

  const get = async (id: string): Promise<Rescan> => {
    const rescan = await store.rescans.find(id);
    if (rescan === undefined)
      throw new Fault('NOT_FOUND', `There is no rescan ${id}.`, { hint: 'List the rescans to see their ids.' });
    return rescan;
  };

  const move = async (id: string, verb: keyof typeof MOVES, actor: string): Promise<Rescan> => {
    const { from, to } = MOVES[verb];
    const { state } = await get(id);
    if (!(await store.rescans.move(id, from, to, to === 'canceled' ? clock() : undefined))) {
      throw new Fault('SCAN_FINISHED', `The rescan is ${state}.`, { hint: 'Show the rescan to see its state.' });
    }
    const moved = await get(id);
    const { scanId, filter, total: files, pending: left } = moved;
    await store.audit.append(actor, `rescan.${verb}`, { rescanId: id, scanId, ...filter, files, left }, clock());
    return moved;
  };

  const writeOff = async (id: string): Promise<void> => {
    await planning.get(id);
    while (await store.rescans.cancelPending(id)) await new Promise((resolve) => setImmediate(resolve));
  };

  for (const id of await store.rescans.listUnplanned()) plan(id);
  for (const id of await store.rescans.listHalfCanceled()) await writeOff(id);

  return {
    files: createRescanFiles({
      store,
      clock,
      workflowFor: scans.workflowFor,
      waiting: scans.waiting,
      wake: scans.wake,
    }),

    preview: async (scanId, request) => {
      const scan = await getReport(scanId);
      // Also where nothing depends on it: a workflow that is not there is refused before it is asked for in earnest.
      const workflow = await workflowOf(scan, request.workflowId);
      const now = request.outdated ? await judgedNow(workflow) : undefined;
      return previewOf(await taken(scan, request, now));
    },

    report: async (scanId, { outdated = false, force = false, passwords = [], ...request }, actor) => {
      const scan = await getReport(scanId);
      const workflow = await workflowOf(scan, request.workflowId);
      const now = outdated ? await judgedNow(workflow) : undefined;
      const { count } = previewOf(await taken(scan, request, now));
      const id = newId();
      const filter = {
        status: request.status,
        detection: request.detection,
        outdated: now === undefined ? undefined : { now },
      };
      const audit = {
        scanId,
        status: request.status,
        detection: request.detection,
        outdated,
        force,
        workflow: workflow.name,
        files: count,
        passwords: passwords.length,
      };
      await store.rescans.insertBatch({ id, scanId, actor, filter, force, passwords, workflow, audit }, clock());
      plan(id);
      return { rescanId: id, count };
    },

    countOutdated: async (scan) => {
      const now = await judgedNow(await workflowOf(scan));
      return previewOf(await taken(scan, { status: [], detection: [] }, now)).count;
    },

    pause: (id, actor) => move(id, 'pause', actor),

    resume: async (id, actor) => {
      const rescan = await move(id, 'resume', actor);
      plan(id);
      return rescan;
    },

    cancel: async (id, actor) => {
      await move(id, 'cancel', actor);
      await writeOff(id);
      await scans.wake();
      return get(id);
    },

    stop: async () => {
      stopped = true;
      await Promise.all(planning.values());
    },
  };
};
