import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { Fault } from '../core/fault';
import { createApiKeyRoutes } from './apikey';
import { createAuditRoutes } from './audit';
import { createAuthenticationRoutes } from './authentication';
import type { ApiDeps } from './deps';
import { createDocsRoutes } from './docs';
import { createEngineRoutes } from './engine';
import { createErrorHandler, notFound } from './errors';
import { createEventRoutes } from './events';
import { createFileRoutes } from './file';
import { authenticate, checkHost, secureHeaders } from './gate';
import { createHealthRoutes } from './health';
import { createMetricsRoutes } from './metrics';
import { createProcessRoutes } from './process';
import { createQuarantineRoutes } from './quarantine';
import { createRealtimeRoutes, createRealtimeWebhook } from './realtime';
import { createReportRoutes } from './report';
import { createReprocessRoutes } from './reprocess';
import { createRescanRoutes } from './rescan';
import { type ApiEnv, createRouter } from './router';
import { createScanRoutes } from './scan';
import { createSessionRoutes } from './session';
import { createSignIn } from './sign-in';
import { createStorageRoutes } from './storage';
import { createUserRoutes } from './user';
import { createWorkflowRoutes } from './workflow';

const limitTo = (megabytes: number) =>
  bodyLimit({
    maxSize: megabytes * 1_000_000,
    onError: () => {
      throw new Fault('TOO_LARGE', `The request is larger than ${megabytes} MB.`);
    },
  });

const STRANGERS_LIMIT = limitTo(1);
/** As many and as long passwords as are taken, each letter written as an escape. */
const LIMIT = limitTo(8);

const limitBody = createMiddleware<ApiEnv>((c, next) =>
  (c.get('actor') === undefined ? STRANGERS_LIMIT : LIMIT)(c, next),
);

const SECURITY_SCHEMES = {
  Bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  ApiKey: { type: 'apiKey', in: 'header', name: 'ApiKey' },
} as const;

/** The whole HTTP API. Call `fetch(request, { socket, ip })`: what comes over the Unix socket is trusted as this host itself. */
export const createApi = (deps: ApiDeps) => {
  const app = createRouter();
  app.onError(createErrorHandler(deps.log));
  app.notFound(notFound);
  app.use(secureHeaders(), checkHost(deps.allowedHosts));
  app.use('/api/*', authenticate(deps), limitBody);
  app.use('/metrics', authenticate(deps));
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    app.openAPIRegistry.registerComponent('securitySchemes', name, scheme);
  }

  const signIn = createSignIn(deps);
  const api = app
    .route('/api/user', createAuthenticationRoutes(deps, signIn))
    .route('/api/session', createSessionRoutes(deps, signIn))
    .route('/api/user', createUserRoutes(deps))
    .route('/api/apikey', createApiKeyRoutes(deps))
    .route('/api/audit', createAuditRoutes(deps))
    .route('/api/storage', createStorageRoutes(deps))
    .route('/api/workflow', createWorkflowRoutes(deps))
    .route('/api/scan', createScanRoutes(deps))
    .route('/api/scan', createReprocessRoutes(deps))
    .route('/api/scan', createReportRoutes(deps))
    .route('/api/file', createFileRoutes(deps))
    .route('/api/file', createProcessRoutes(deps))
    .route('/api/rescan', createRescanRoutes(deps))
    .route('/api/realtime', createRealtimeRoutes(deps))
    .route('/api/quarantine', createQuarantineRoutes(deps))
    .route('/api/webhook', createRealtimeWebhook(deps))
    .route('/api/engine', createEngineRoutes(deps))
    .route('/api/events', createEventRoutes(deps))
    .route('/api/health', createHealthRoutes(deps))
    .route('/metrics', createMetricsRoutes(deps));

  app.route('/api/docs', createDocsRoutes());
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Assay', version: deps.version, license: { name: 'Apache-2.0' } },
    security: [{ Bearer: [] }, { ApiKey: [] }],
  });
  return api;
};

/** For `hc<Api>()` of hono/client. */
export type Api = ReturnType<typeof createApi>;
