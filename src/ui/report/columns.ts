/** What a file's row can show besides its status and its name, with the room it takes. */
export const COLUMNS = {
  result: 'minmax(120px, 1fr)',
  size: '76px',
  workflow: '110px',
  processed: '112px',
} as const;
export type Column = keyof typeof COLUMNS;

/** The columns of the table's grid: status, file, what was chosen, actions. */
export const gridOf = (columns: Column[]): string =>
  ['132px', 'minmax(200px, 1.6fr)', ...columns.map((column) => COLUMNS[column]), '76px'].join(' ');
