import { useStorages } from '../data/setup';
import { Shown } from '../parts/states';
import { Begin } from './begin';
import { FirstStorage } from './first-storage';

/** The steps that follow the sign-in: the first storage, unless there is one already, and the start. */
export const Setup = () => (
  <Shown query={useStorages()}>
    {(storages) => (storages.length === 0 ? <FirstStorage /> : <Begin storages={storages} />)}
  </Shown>
);
