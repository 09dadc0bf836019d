import { stringify } from 'yaml';
import { configJsonSchema, type SchemaNode } from './schema';

const HEADER = `# yaml-language-server: $schema=./assay.schema.json
#
# The configuration of Assay, read from /etc/assay/assay.yaml (or --config FILE, or ASSAY_CONFIG).
# All keys are optional; the values here are the defaults, and a key behind "#" shows an example.
# A flag goes before an environment variable (ASSAY_LISTEN, ASSAY_DATA_DIR, ASSAY_SCAN_THREADS …), and that before this file.
# Durations: ms, s, m, h, d. Sizes: kB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB of 1024.
# Relative paths start at this file's folder.
`;

const indent = (text: string, by: string): string => text.replaceAll(/^(?=.)/gm, by);

const entry = (key: string, node: SchemaNode): string => {
  const comment = node.description ? `# ${node.description}\n` : '';
  if (node.properties) return `${comment}${key}:\n${indent(entries(node.properties), '  ')}`;
  const [example] = node.examples ?? [];
  const isEmpty = node.default === undefined || (Array.isArray(node.default) && node.default.length === 0);
  const asComment = isEmpty && example !== undefined;
  const yaml = stringify({ [key]: asComment ? example : node.default }, { lineWidth: 0 });
  return comment + (asComment ? indent(yaml, '# ') : yaml);
};

const entries = (properties: Record<string, SchemaNode>): string =>
  Object.entries(properties)
    .map(([key, node]) => entry(key, node))
    .join('');

/** The commented default configuration, `config/assay.yaml`. */
export const defaultFile = (): string =>
  [HEADER, ...Object.entries(configJsonSchema().properties ?? {}).map(([key, node]) => entry(key, node))].join('\n');

/** The JSON schema of the configuration for editors, `config/assay.schema.json`. */
export const schemaFile = (): string => `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
