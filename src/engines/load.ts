import { existsSync } from 'node:fs';
import { z } from 'zod';
import { builtIn } from '../../plugins';
import { Fault } from '../core/fault';
import { EngineAnswer } from '../core/findings';
import type { Engine } from './contract';

/** An engine that is to run, with its own part of the configuration, checked. */
export interface Configured {
  engine: Engine;
  options: unknown;
}

/** Which engines run: each one named here, with its options as they were written. */
export interface EngineConfig {
  engines: { [id: string]: unknown };
  /** Plugin files of this host: absolute paths. */
  plugins: string[];
}

/** A hash of an engine's options: with others it might answer differently. */
export const settingsOf = (options: unknown): string => Bun.hash(JSON.stringify(options)).toString(36);

const isFunction = (value: unknown): boolean => typeof value === 'function';

const makesSchema = (options: unknown): boolean => {
  try {
    return typeof options === 'function' && isFunction(options(z).safeParse);
  } catch {
    return false;
  }
};

/** What a plugin must export by default; see the contract. */
const Shape = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  finds: z.array(EngineAnswer.shape.kind.unwrap()),
  options: z.custom(makesSchema, 'must be a function of zod that returns a schema'),
  prepare: z.custom(isFunction, 'must be a function').optional(),
  open: z.custom(isFunction, 'must be a function'),
});

/** @throws Fault CONFIG_INVALID when a file is not an engine plugin */
export const loadPlugins = async (paths: string[]): Promise<Engine[]> => {
  const loaded: Engine[] = [];
  for (const path of paths) {
    let module: { default?: unknown };
    try {
      module = (await import(path)) as { default?: unknown };
    } catch (error) {
      throw new Fault(
        'CONFIG_INVALID',
        `The plugin ${path} cannot be loaded: ${existsSync(path) ? (error as Error).message : 'there is no such file'}`,
        {
          hint: 'Check the path and that the file is a TypeScript or JavaScript module.',
          cause: error,
        },
      );
    }
    const { error } = Shape.safeParse(module.default);
    if (error !== undefined) {
      const what =
        typeof module.default === 'object'
          ? `is no engine: ${error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`
          : 'does not export an engine by default';
      throw new Fault('CONFIG_INVALID', `The plugin ${path} ${what}.`, {
        hint: 'See "Write an engine" in CONTRIBUTING.md for the shape.',
      });
    }
    loaded.push(module.default as Engine);
  }
  return loaded;
};

/**
 * Finds the engines that the configuration names and checks the options of each.
 * @throws Fault CONFIG_INVALID naming the engine and the option
 */
export const loadEngines = async (config: EngineConfig): Promise<Configured[]> => {
  const known = new Map([...builtIn, ...(await loadPlugins(config.plugins))].map((engine) => [engine.id, engine]));
  return Object.entries(config.engines).map(([id, raw]) => {
    const engine = known.get(id);
    if (engine === undefined) {
      throw new Fault('CONFIG_INVALID', `There is no engine "${id}".`, {
        hint: `Engines are ${[...known.keys()].join(', ')}; others are files named under "plugins".`,
      });
    }
    const parsed = engine.options(z).safeParse(raw ?? {});
    if (!parsed.success) {
      throw new Fault('CONFIG_INVALID', `engines.${id}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`, {
        hint: `See the options of ${id} in the commented configuration.`,
      });
    }
    return { engine, options: parsed.data };
  });
};
