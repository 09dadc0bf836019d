import { type Component, isWord, ofText, partOf } from '../component';

const gem = (name: string | undefined, version: string | undefined): Component[] =>
  isWord(name) && isWord(version) ? [{ ecosystem: 'RubyGems', names: [name], version }] : [];

const LINES = 2_000;

const firstOf = (text: string, pattern: RegExp): string | undefined => {
  for (const line of text.split('\n', LINES)) {
    const found = line.length > 1_000 ? undefined : pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
};

/** What a .gem holds of itself, as YAML that RubyGems writes: the gem's name stands at the margin, its version one level in. */
export const gemMetadata = ofText(/\/metadata\.gz\/[^/]+$/, (text) =>
  text.includes('ruby/object:Gem::Specification')
    ? gem(firstOf(text, /^name: ['"]?([^'"\s]+)/), firstOf(text, /^ {2}version: ['"]?([^'"\s]+)/))
    : [],
);

/** A specification of an installed gem, in Ruby, as RubyGems writes it; its file's name has name and version, too. */
export const gemspec = ofText(/\.gemspec$/, (text, path) => {
  const [, name, version] = /^([^\s]{1,200})-(\d[^-\s]{0,99})(?:-[^\s]{1,50})?\.gemspec$/.exec(partOf(path, 0)) ?? [];
  return gem(
    firstOf(text, /\bs(?:pec)?\.name\s*=\s*(?:%q\{|['"])([^'"}]+)/) ?? name,
    firstOf(text, /\bs(?:pec)?\.version\s*=\s*(?:%q\{|['"])([^'"}]+)/) ?? version,
  );
});
