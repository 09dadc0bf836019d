/** Comments, then what may hold anything: text literals, and regular expressions where one can begin. */
const LITERALS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|(?<=(?:=|matches)\s*)\/(?:\\.|[^/\\\n])+\//g;
const COMMENT = /^\/[/*]/;
const RULE = /\b((?:(?:global|private)\s+)*)rule\s+(\w+)/g;

export interface Declarations {
  count: number;
  /** Names of global rules: these are conditions on the other rules of their file, so their own match says nothing. */
  globals: string[];
  /** Line of the first `include`, from 1. */
  include?: number;
}

/** What a rule file declares, as far as the library does not tell. */
export const declarationsIn = (text: string): Declarations => {
  const bare = text.replace(LITERALS, (literal) => {
    const lines = '\n'.repeat(literal.split('\n').length - 1);
    return COMMENT.test(literal) ? ` ${lines}` : `""${lines}`;
  });
  const rules = [...bare.matchAll(RULE)];
  const globals = rules.filter(([, modifiers = '']) => modifiers.includes('global')).map(([, , name = '']) => name);
  const include = bare.search(/\binclude\s+""/);
  return { count: rules.length, globals, ...(include >= 0 && { include: bare.slice(0, include).split('\n').length }) };
};
