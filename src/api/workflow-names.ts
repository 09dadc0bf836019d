import { Fault } from '../core/fault';
import { nearest } from '../core/nearest';
import type { Remediation } from '../core/remediation';
import type { ApiDeps } from './deps';

/** Refuses engines that do not run, with the one that was probably meant. */
const checkEngines = async (
  host: Pick<ApiDeps['host'], 'engines'>,
  engines: 'all' | string[] | null | undefined,
): Promise<void> => {
  if (!Array.isArray(engines)) return;
  const known = (await host.engines()).map(({ id }) => id);
  const at = engines.findIndex((id) => !known.includes(id));
  const unknown = engines[at];
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const message = `"definition.engines.${at}" is not valid: no engine "${unknown}" runs.`;
  throw new Fault('BAD_REQUEST', message, {
    hint: meant === undefined ? `Engines are: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
  });
};

/** The storages that files are put into, each with the key that names it. */
const namedStorages = (remediation: Remediation): [key: string, id: string][] =>
  (['allowed', 'blocked'] as const).flatMap((verdict) => {
    const { original, sanitized } = remediation[verdict];
    const destinations = [
      ...original.copyTo.map((to, at) => [`original.copyTo.${at}`, to] as const),
      ['original.moveTo', original.moveTo] as const,
      ['sanitized.to', sanitized?.to] as const,
    ];
    return destinations.flatMap(([key, to]): [string, string][] =>
      to?.storageId === undefined ? [] : [[`${verdict}.${key}.storageId`, to.storageId]],
    );
  });

/** Refuses storages that are not there: files would stay where they are, and only then would that be told. */
const checkStorages = async (
  store: Pick<ApiDeps['store'], 'storages'>,
  remediation: Remediation | null | undefined,
): Promise<void> => {
  if (!remediation) return;
  for (const [key, id] of namedStorages(remediation)) {
    if ((await store.storages.find(id)) !== undefined) continue;
    const named = await store.storages.findByName(id);
    throw new Fault('BAD_REQUEST', `"definition.remediation.${key}" is not valid: there is no storage ${id}.`, {
      hint: named === undefined ? 'List the storages to see their ids.' : `The storage of that name is ${named.id}.`,
    });
  }
};

/**
 * Refuses a workflow that names engines or storages which are not there.
 * @throws Fault BAD_REQUEST
 */
export const checkNames = async (
  { host, store }: Pick<ApiDeps, 'host' | 'store'>,
  definition: { engines?: 'all' | string[] | null; remediation?: Remediation | null } | undefined,
): Promise<void> => {
  await checkEngines(host, definition?.engines);
  await checkStorages(store, definition?.remediation);
};
