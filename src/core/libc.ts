import { dlopen, type FFIFunction, type Library } from 'bun:ffi';

const NAMES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];

/** The C library's functions, whichever C library this host has. */
export const openLibc = <Functions extends Record<string, FFIFunction>>(
  functions: Functions,
): Library<Functions>['symbols'] => {
  for (const name of NAMES) {
    try {
      return dlopen(name, functions).symbols;
    } catch (error) {
      if (name === NAMES.at(-1)) throw error;
    }
  }
  throw new Error('unreachable: the loop returns or throws');
};
