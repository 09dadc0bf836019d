import { z } from 'zod';
import { Fault } from '../core/fault';
import { nearest } from '../core/nearest';
import type { Where } from './document';
import type { Loaded } from './load';
import { toConfigFault } from './problems';
import type { SchemaNode } from './schema';

/** As much of an engine as its configuration needs. */
export interface Configurable {
  id: string;
  options: (zod: typeof z) => z.ZodType;
}

/** What runs when the configuration has no `engines`. */
export const DEFAULT_ENGINES: Record<string, unknown> = { yara: {}, hashes: {} };

const describe = (schema: z.ZodType): SchemaNode =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;

/**
 * Checks one engine's part of the configuration against the engine's own schema.
 * @param raw what stands behind the engine's id; nothing is an empty part
 * @throws Fault CONFIG_INVALID
 */
const validateEngineOptions = (engine: Configurable, raw: unknown, where: Where): unknown => {
  const schema = engine.options(z);
  const parsed = schema.safeParse(raw ?? {});
  if (!parsed.success) {
    throw toConfigFault(parsed.error, { where, schema: describe(schema), prefix: ['engines', engine.id] });
  }
  return parsed.data;
};

/**
 * The engines that run, with their options, in the order in which the configuration names them.
 * @param available the built-in engines and those of plugins
 * @throws Fault CONFIG_INVALID for an unknown engine, wrong options, or two engines with one id
 */
export const configuredEngines = <E extends Configurable>(
  { config, where }: Loaded,
  available: readonly E[],
): { engine: E; options: unknown }[] => {
  const byId = new Map<string, E>();
  for (const engine of available) {
    if (byId.has(engine.id)) {
      throw new Fault('CONFIG_INVALID', `${where(['plugins'])}: two engines have the id "${engine.id}"`, {
        hint: 'Give the plugin an id that neither a built-in engine nor another plugin has.',
      });
    }
    byId.set(engine.id, engine);
  }
  const named = config.engines ?? DEFAULT_ENGINES;
  return Object.entries(named).map(([id, raw]) => {
    const engine = byId.get(id);
    if (!engine) {
      const meant = nearest(id, [...byId.keys()]);
      throw new Fault('CONFIG_INVALID', `${where(['engines'], id)}: unknown engine "${id}"`, {
        hint: meant ? `did you mean "${meant}"?` : `there are ${[...byId.keys()].join(', ')}; others come with plugins`,
      });
    }
    return { engine, options: validateEngineOptions(engine, raw, where) };
  });
};
