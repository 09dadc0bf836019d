import { createMiddleware } from 'hono/factory';
import { Fault } from '../core/fault';
import type { Actor, Role } from '../core/user';
import type { ApiDeps } from './deps';
import type { ApiEnv } from './router';

/** What answers without credentials. Everything else under /api needs them, also what is added later. */
export const OPEN_PATHS: readonly string[] = [
  '/api/health',
  '/api/user/authenticate',
  '/api/user/refreshToken',
  '/api/user/logout',
  '/api/session',
  '/api/session/setup',
  '/api/session/renew',
  '/api/session/password',
  '/api/openapi.json',
  '/api/docs',
  '/api/docs/scalar.js',
  '/api/docs/start.js',
  '/api/docs/fonts.txt',
];

const LOCAL: Actor = { name: 'local', role: 'admin' };

const RANKS: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

const forbid = (role: Role): never => {
  throw new Fault('FORBIDDEN', `This needs the role "${role}".`, { hint: 'Ask an administrator of this Assay.' });
};

/** Finds out who asks. A viewer never gets past it with anything that changes something, whatever a route may forget. */
export const authenticate = ({ auth }: Pick<ApiDeps, 'auth'>) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (OPEN_PATHS.includes(c.req.path)) return next();
    const actor = c.env?.socket === true ? LOCAL : await auth.identify(c.req.raw.headers);
    if (actor.role === 'viewer' && !['GET', 'HEAD'].includes(c.req.method)) forbid('operator');
    c.set('actor', actor);
    return next();
  });

/** Lets only this role, or one above it, get to a route. */
export const needs = (role: Role) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (RANKS[c.get('actor').role] < RANKS[role]) forbid(role);
    return next();
  });

const OWN_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

const hostOf = (header: string): string => header.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');

/** Refuses requests that a browser was tricked into sending here under another name (DNS rebinding). */
export const checkHost = (allowedHosts: readonly string[] = []) => {
  const allowed = new Set([...OWN_HOSTS, ...allowedHosts.map((host) => host.toLowerCase())]);
  return createMiddleware<ApiEnv>(async (c, next) => {
    const host = hostOf(c.req.header('Host') ?? new URL(c.req.url).host);
    if (c.env?.socket === true || allowed.has(host)) return next();
    throw new Fault('FORBIDDEN', 'This Assay does not answer under that host name.', {
      hint: 'Use the address that it listens on, or add the name to its allowed hosts.',
    });
  });
};

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** The strictest headers, where a route has not set its own. */
export const secureHeaders = () =>
  createMiddleware<ApiEnv>(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value);
  });
