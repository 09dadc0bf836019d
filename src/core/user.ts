import { z } from 'zod';

export const Role = z.enum(['admin', 'operator', 'viewer']);
export type Role = z.infer<typeof Role>;

export interface User {
  id: string;
  name: string;
  role: Role;
  createdAt: number;
}

export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  createdAt: number;
  lastUsedAt?: number;
}

/** Who asks: a signed-in user, an API key, or the host's own socket. */
export interface Actor {
  name: string;
  role: Role;
}
