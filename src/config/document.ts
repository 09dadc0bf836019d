import { readFileSync } from 'node:fs';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { Fault } from '../core/fault';

/** Says where a value comes from, for people: "/etc/assay/assay.yaml:4:1", "ASSAY_LISTEN", "--listen". With `key`, where that key of the value stands. */
export type Where = (path: readonly PropertyKey[], key?: string) => string;

/** A configuration file, read: plain values, and where each stands. */
export interface ConfigDocument {
  file: string;
  value: Record<string, unknown>;
  where: Where;
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : (cause as Error).message;
    throw new Fault('CONFIG_INVALID', `the configuration file ${file} cannot be read: ${why}`, {
      hint: 'Check the path that --config or ASSAY_CONFIG names.',
      cause,
    });
  }
};

/**
 * Reads one YAML file with the place of each key.
 * @param text what is in it, for what comes from elsewhere than a file
 * @throws Fault CONFIG_INVALID when it cannot be read or is not YAML, with line and column
 */
export const readDocument = (file: string, text: string = read(file)): ConfigDocument => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined): string => {
    if (offset === undefined) return file;
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const broken = document.errors[0];
  if (broken) {
    throw new Fault('CONFIG_INVALID', `${at(broken.pos[0])}: not YAML: ${broken.message}`, {
      hint: 'Indent with spaces, one space after each colon; quote values that hold ": " or start with a special character.',
    });
  }

  const where: Where = (path, key) => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    if (key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair && isNode(pair.key)) return at(pair.key.range?.[0]);
    }
    if (isNode(node)) return at(node.range?.[0]);
    return path.length === 0 ? file : where(path.slice(0, -1));
  };

  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', `${file}: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Fault('CONFIG_INVALID', `${where([])}: expected keys and values, such as "listen: 127.0.0.1:8787"`);
  }
  return { file, value: value as Record<string, unknown>, where };
};
