import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import { type FileRule, MOST_RULES } from '../core/file-rule';
import type { Entry } from '../core/quarantine';
import type { Located } from '../core/remediation';
import type { Workflow, WorkflowDefinition } from '../core/workflow';
import { listPoint } from '../judge/lists';
import type { Store } from '../store/store';

/** What allows the content of a file, wherever it lies. */
const ruleOf = ({ id, sha256 }: Entry): FileRule => ({
  sha256,
  reason: `restored from quarantine, where it was ${id}`,
});

const isAllowed = ({ allow }: WorkflowDefinition, { sha256 }: Entry): boolean =>
  allow.some(({ reason: _, ...conditions }) => conditions.sha256 === sha256 && Object.keys(conditions).length === 1);

/** The allow list with the content of a file on it. @throws Fault NOT_POSSIBLE when it is full */
const allowing = ({ name, definition }: Workflow, entry: Entry): FileRule[] => {
  const { allow } = definition;
  if (isAllowed(definition, entry)) return allow;
  if (allow.length < MOST_RULES) return [...allow, ruleOf(entry)];
  throw new Fault('NOT_POSSIBLE', `The allow list of the workflow ${name} is full: it has ${MOST_RULES} rules.`, {
    hint: 'Put long lists of hashes into a file for the engine "hashes".',
  });
};

/** Puts the content of what is restored on the allow list of a workflow, so that it is not taken away again. */
export const createAllow = (store: Store, clock: Clock) => ({
  /**
   * The workflow that is to allow it, by its id: the one that is named, else the one that applies where it is restored to.
   * @throws Fault NOT_FOUND, NOT_POSSIBLE when its list is full, or a rule of its block list, which goes first, fits the file
   */
  choose: async (entry: Entry, { storageId, place }: Located, named: string | undefined): Promise<string> => {
    const realtime = (await store.realtime.list()).find((active) => active.storageId === storageId);
    const storage = await store.storages.find(storageId);
    const workflow = named
      ? await store.workflows.find(named)
      : await store.workflows.getFor(realtime?.workflowId ?? storage?.workflowId);
    if (workflow === undefined) {
      throw new Fault('NOT_FOUND', `There is no workflow ${named}.`, { hint: 'List the workflows to see their ids.' });
    }
    const { definition, name } = workflow;
    const type = (await store.files.history(entry.fileId, { limit: 1 }))[0]?.findings.content?.type.mime;
    const lists = { block: definition.block, allow: allowing(workflow, entry) };
    const point = listPoint({ path: place.path, size: entry.size, sha256: entry.sha256, type }, lists);
    if (point?.code === 8) {
      throw new Fault(
        'NOT_POSSIBLE',
        `${place.path} would be blocked all the same by the workflow ${name}. ${point.says}`,
        {
          hint: 'Take that rule out of the workflow first; or restore the file without putting it on the allow list.',
        },
      );
    }
    return workflow.id;
  },

  /** @returns the workflow at the revision that allows it. @throws Fault NOT_POSSIBLE */
  add: async (entry: Entry, workflowId: string, actor: string): Promise<Workflow> => {
    const now = clock();
    const made = await store.workflows.change(
      workflowId,
      (old) => ({ definition: { allow: allowing(old, entry) } }),
      now,
    );
    if (made === undefined) throw new Fault('NOT_POSSIBLE', 'The workflow that was to allow it is removed.');
    const { workflow, changed } = made;
    const { id, name, revision } = workflow;
    if (changed.length > 0) {
      const detail = { id, name, revision, changed, allowed: entry.sha256 };
      await store.audit.append(actor, 'workflow.change', detail, now);
    }
    return workflow;
  },
});
