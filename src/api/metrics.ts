import { createRoute, z } from '@hono/zod-openapi';
import { Counter, Gauge, Registry } from 'prom-client';
import { RESULTS } from '../core/result';
import type { ApiDeps } from './deps';
import { needs } from './gate';
import { createRouter, errors } from './router';

const SCAN_STATES = ['running', 'paused', 'finished', 'canceled', 'failed'] as const;

const show = createRoute({
  method: 'get',
  path: '/',
  tags: ['Health'],
  summary: 'Metrics for Prometheus',
  middleware: needs('viewer'),
  responses: {
    200: { description: 'The text format.', content: { 'text/plain': { schema: z.string() } } },
    ...errors,
  },
});

const createMetrics = ({ store, scans, host, version }: ApiDeps): Registry => {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read());
      },
    });

  const processed = new Counter({
    name: 'assay_files_processed_total',
    help: 'Files processed since the daemon started, by result.',
    labelNames: ['result'],
    registers,
  });
  scans.listen((event) => {
    if (event.type === 'file') processed.inc({ result: RESULTS[event.verdict.resultCode] });
  });

  new Gauge({
    name: 'assay_scans',
    help: 'Scans, by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const state of SCAN_STATES) this.set({ state }, 0);
      for (const { state, count } of await store.scans.countByState()) this.set({ state }, count);
    },
  });

  new Gauge({ name: 'assay_info', help: 'The version.', labelNames: ['version'], registers }).set({ version }, 1);
  gauge('assay_queue_pending', 'Files whose processing is due.', store.work.count);
  gauge('assay_engine_host_up', 'Whether the engine host runs.', () => (host.pid() === undefined ? 0 : 1));
  gauge('assay_engine_host_restarts', 'How often the engine host was started anew.', host.restarts);
  gauge('process_resident_memory_bytes', 'Memory of the daemon.', () => process.memoryUsage().rss);
  gauge('process_uptime_seconds', 'How long the daemon has run.', () => process.uptime());
  return registry;
};

export const createMetricsRoutes = (deps: ApiDeps) => {
  const registry = createMetrics(deps);
  return createRouter().openapi(show, async (c) =>
    c.text(await registry.metrics(), 200, { 'Content-Type': registry.contentType }),
  );
};
