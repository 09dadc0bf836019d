import { isWord, ofText } from '../component';

/** The description of a package of npm (docs.npmjs.com, "package.json"). */
export const npm = ofText(/(^|\/)package\.json$/, (text) => {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return [];
  }
  if (typeof read !== 'object' || read === null) return [];
  const { name, version } = read as { name?: unknown; version?: unknown };
  if (typeof name !== 'string' || typeof version !== 'string' || !isWord(name) || !isWord(version)) return [];
  return [{ ecosystem: 'npm', names: [name], version }];
});
