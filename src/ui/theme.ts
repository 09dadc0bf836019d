import { createTheme, Modal, Table, TableScrollContainer, Tooltip } from '@mantine/core';

/** Calm and dense: one quiet colour, small sizes, the fonts that the computer has. */
export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  primaryColor: 'sea',
  primaryShade: { light: 9, dark: 8 },
  defaultRadius: 'md',
  colors: {
    sea: ['#eaf5f8', '#d5e8ee', '#abd2de', '#7fbbcd', '#5ba8bf', '#439cb6', '#3696b2', '#26829d', '#17738d', '#086781'],
  },
  headings: {
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.0625rem' }, h3: { fontSize: '0.9375rem' } },
  },
  components: {
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45 },
        // A dialog's header is not the page's.
        attributes: { header: { role: 'presentation' } },
      },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'md' } }),
    // What is wider than the screen can be scrolled by keys, too.
    TableScrollContainer: TableScrollContainer.extend({ defaultProps: { type: 'native', tabIndex: 0 } }),
    Tooltip: Tooltip.extend({ defaultProps: { multiline: true, maw: 320 } }),
  },
});
