/** What a file's row can show besides its status and its name, with the room it takes. */
export const COLUMNS = {
  result: 'minmax(140px, 1.3fr)',
  size: '76px',
  workflow: '100px',
  processed: '112px',
} as const;
export type Column = keyof typeof COLUMNS;

/** The columns of the table's grid: status, file, what was chosen, actions. */
export const gridOf = (columns: Column[]): string =>
  ['124px', 'minmax(190px, 1.5fr)', ...columns.map((column) => COLUMNS[column]), '76px'].join(' ');
