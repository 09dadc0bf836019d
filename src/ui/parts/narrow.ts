import { useMediaQuery } from '@mantine/hooks';

/** Whether the screen has no room for the columns of a table. */
export const useNarrow = (): boolean =>
  useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false }) === true;
