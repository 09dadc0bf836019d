import { Redirect } from 'wouter';
import { useMay } from '../data/program';
import { useStorages } from '../data/setup';
import { Shown } from '../parts/states';
import { Begin } from './begin';
import { FirstStorage } from './first-storage';

/** The steps that follow the sign-in: the first storage, unless there is one already, and the start. */
export const Setup = () => {
  const may = useMay('admin');
  const storages = useStorages();
  if (!may) return <Redirect to="/" replace />;
  return <Shown query={storages}>{(all) => (all.length === 0 ? <FirstStorage /> : <Begin storages={all} />)}</Shown>;
};
