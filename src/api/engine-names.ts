import { Fault } from '../core/fault';
import { nearest } from '../core/nearest';
import type { ApiDeps } from './deps';

/**
 * Refuses engines that do not run, with the one that was probably meant.
 * @throws Fault BAD_REQUEST
 */
export const checkEngineNames = async (
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
