import type { StorageOptions } from '../core/storage';
import type { Backend } from './contract';
import { openKernel } from './kernel';
import { createLocal } from './local';

/** Makes the backend of a storage by its kind. */
export type OpenBackend = (options: StorageOptions) => Backend;

/** @param except folders of this host that no storage looks into or acts on: Assay's own state */
export const createOpenBackend = (except: string[]): OpenBackend => {
  const kernel = openKernel();
  return (options) => createLocal(options.path, except, kernel);
};
