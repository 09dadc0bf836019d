import { resolve } from 'node:path';
import type { SchemaNode } from './schema';

export type Values = Record<string, unknown>;

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Makes what one source says ready to be laid over others: paths absolute from `folder`, keys with nothing behind them gone. */
export const settle = (value: unknown, node: SchemaNode | undefined, folder: string): unknown => {
  if (node?.properties && isObject(value)) {
    const { properties } = node;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key, inner]) => inner !== null || !(key in properties))
        .map(([key, inner]) => [key, settle(inner, properties[key], folder)]),
    );
  }
  if (node?.items && Array.isArray(value)) return value.map((inner) => settle(inner, node.items, folder));
  if (node?.format === 'path' && typeof value === 'string' && value !== '') return resolve(folder, value);
  return value;
};

/** Lays `over` on `under`, key by key; lists are replaced whole. */
export const merge = (under: Values, over: Values): Values => {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return result;
};

/** Makes `{ scan: { threads: 4 } }` of `['scan', 'threads']` and 4. */
export const nest = (path: readonly string[], value: unknown): Values =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Values;

/** A single value of the configuration that text can be given for. */
export interface Leaf {
  path: string[];
  node: SchemaNode;
}

/** Every key that holds a value or a list of plain values. */
export const leavesOf = (node: SchemaNode, path: string[] = []): Leaf[] => {
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  }
  const isPlain = node.type !== 'object' && node.items?.type !== 'object';
  return isPlain ? [{ path, node }] : [];
};

/** Reads the text of a flag or an environment variable as the leaf's type: lists split at commas. What does not fit stays text, for validation to name it. */
export const fromText = (text: string, { node }: Leaf): unknown => {
  if (node.type === 'array') {
    return text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  }
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  return isNumber && (node.type === 'integer' || node.type === undefined) ? Number(text) : text;
};

/** `scan.memoryLimit` → `ASSAY_SCAN_MEMORY_LIMIT`. */
export const environmentName = (path: readonly string[]): string =>
  `ASSAY_${path.map((key) => key.replaceAll(/[A-Z]/g, '_$&').toUpperCase()).join('_')}`;

/** `dataDir` → `--data-dir`, `scan.threads` → `--scan-threads`. */
export const flagName = (path: readonly string[]): string =>
  `--${path.map((key) => key.replaceAll(/[A-Z]/g, '-$&').toLowerCase()).join('-')}`;
