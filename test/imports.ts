/** One import of a source file: as written, and whether it is there for types alone. */
export interface Import {
  specifier: string;
  typeOnly: boolean;
}

type Loader = 'ts' | 'tsx';
const transpilers = { ts: new Bun.Transpiler({ loader: 'ts' }), tsx: new Bun.Transpiler({ loader: 'tsx' }) };

/** Makes imports of types look like any other, for the scanner passes over them. */
const withoutTypeWords = (source: string): string =>
  source
    .replaceAll(/^(\s*(?:import|export))\s+type\s+(?=[{*\w])(?=[^;=]*?\bfrom\b)/gm, '$1 ')
    .replaceAll(/^\s*(?:import|export)\s+(?:\w+,\s*)?\{[^}]*\}\s*from/gm, (statement) =>
      statement.replaceAll(/\btype\s+(?=\w)/g, ''),
    );

const inTypePosition = (source: string): string[] =>
  [...source.matchAll(/\bimport\(\s*'([^']+)'/g)].flatMap((match) => match[1] ?? []);

/** Every import of a TypeScript file, those of types and those inside types too. */
export const importsOf = (source: string, loader: Loader = 'ts'): Import[] => {
  const scan = (text: string) => transpilers[loader].scanImports(text).map(({ path }) => path);
  const runtime = new Set(scan(source));
  const all = new Set([...runtime, ...scan(withoutTypeWords(source)), ...inTypePosition(source)]);
  return [...all].map((specifier) => ({ specifier, typeOnly: !runtime.has(specifier) }));
};
