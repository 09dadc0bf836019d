import { type Component, isWord, ofText } from '../component';
import { fieldsOf } from './fields';

/** "openssl (1.1.1n-0)": the source package, with its version where that is another one. */
const SOURCE = /^([^\s(]{1,200})(?:\s*\(([^\s)]{1,200})\))?$/;

const releaseOf = (ecosystem: string, version: string): string | undefined =>
  (ecosystem === 'Debian' ? /[+~](?:deb|bpo)(\d{1,3})/ : /ubuntu\d*\.?(\d\d\.\d\d)(?:\.|$)/).exec(version)?.[1];

/** Records of Debian and Ubuntu are about source packages. */
const toComponent = (fields: Map<string, string>): Component[] => {
  const [name, stated] = [fields.get('package'), fields.get('version')];
  const [, source = name, sourceVersion = stated] = SOURCE.exec(fields.get('source') ?? '') ?? [];
  if (!isWord(name) || !isWord(source) || !isWord(sourceVersion)) return [];
  // Built once more from the same source: "+b1".
  const version = sourceVersion.replace(/\+b\d+$/, '');
  const people = `${fields.get('maintainer')} ${fields.get('original-maintainer')}`;
  const ecosystem = /ubuntu/i.test(version) || /ubuntu/i.test(people) ? 'Ubuntu' : 'Debian';
  return [{ ecosystem, names: [source, name], version, release: releaseOf(ecosystem, version) }];
};

/** The control file of a .deb (deb-control(5)). */
export const debianControl = ofText(/\/control\.tar[^/]{0,9}\/(?:(?:control\.tar|\.)\/){0,2}control$/, (text) =>
  toComponent(fieldsOf(text)),
);
