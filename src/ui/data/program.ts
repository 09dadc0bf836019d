import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Role } from '../../core/user';
import type { Client } from './client';
import type { Leaving } from './leaving';
import type { Live } from './live';
import type { News } from './news';
import type { Session } from './session';

/** What every screen stands upon; `main.tsx` makes it. */
export interface Program {
  client: Client;
  session: Session;
  live: Live;
  news: News;
  leaving: Leaving;
}

const Context = createContext<Program | undefined>(undefined);

export const ProgramProvider = Context.Provider;

export const useProgram = (): Program => {
  const program = useContext(Context);
  if (program === undefined) throw new Error('there is no ProgramProvider around this');
  return program;
};

export const useSession = () => {
  const { session } = useProgram();
  return useSyncExternalStore(session.subscribe, session.state);
};

const RANKS: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Whether the one who is signed in may do what this role may: what would be refused is not offered. */
export const useMay = (role: Role): boolean => {
  const state = useSession();
  return state.status === 'in' && RANKS[state.role] >= RANKS[role];
};
