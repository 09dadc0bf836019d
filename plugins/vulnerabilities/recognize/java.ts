import { type Component, isWord, ofText, partOf } from '../component';
import { fieldsOf } from './fields';

const maven = (names: string[], version: string | undefined, vendor?: string): Component[] =>
  isWord(version) && names.length > 0 ? [{ ecosystem: 'Maven', names, version, vendor }] : [];

/** What Maven leaves in a jar of each artifact that went into it (maven-archiver, "pom.properties content"). */
export const pomProperties = ofText(/(^|\/)META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/, (text) => {
  // Properties may be separated by ":" too, but no tool writes these so.
  const fields = new Map(
    text.split(/\r?\n/, 100).flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at <= 0 || line.startsWith('#') ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
  const [group, artifact] = [fields.get('groupId'), fields.get('artifactId')];
  return isWord(group) && isWord(artifact) ? maven([`${group}:${artifact}`], fields.get('version')) : [];
});

/** "log4j-core-2.14.1.jar" says artifact and version. */
const FILE_NAME = /^([^\s]{1,200}?)-(\d[^\s]{0,99})\.(?:[jwears]ar|hpi|jpi)$/;

const words = (...some: (string | undefined)[]): string[] => [...new Set(some.filter(isWord))];

const withoutLast = (name: string | undefined): string | undefined =>
  name?.slice(0, Math.max(0, name.lastIndexOf('.')));
const lastOf = (name: string | undefined): string | undefined => name?.slice(name.lastIndexOf('.') + 1);

/**
 * A jar's manifest (JAR File Specification, OSGi Core "Bundle manifest headers"). It states no coordinates as such: groups and artifacts
 * are taken from where tools put them, and the database tells which of their pairs there is.
 */
export const manifest = ofText(/(^|\/)META-INF\/MANIFEST\.MF$/i, (text, path) => {
  const fields = fieldsOf(text);
  const [, artifact, version] = FILE_NAME.exec(partOf(path, 2)) ?? [];
  const symbolic = fields.get('bundle-symbolicname')?.split(';', 1)[0]?.trim();
  const module = fields.get('automatic-module-name');
  const title = fields.get('implementation-title');
  const groups = words(
    fields.get('implementation-vendor-id'),
    withoutLast(symbolic),
    symbolic,
    withoutLast(module),
    module,
    withoutLast(title),
    artifact,
  );
  const artifacts = words(artifact, title, lastOf(symbolic), symbolic, lastOf(title));
  const names = groups.flatMap((group) => artifacts.map((one) => `${group}:${one}`));
  const stated = words(fields.get('implementation-version'), version, fields.get('bundle-version'))[0];
  return maven(names, stated, fields.get('implementation-vendor'));
});
