import type { CDPSession, Page } from 'playwright-core';

/** What a reader felt while something went on. Milliseconds, but for the counts. */
export interface Felt {
  /** Tasks that held the page for longer than 50 ms, together, and the longest of them. */
  longTasks: number;
  longest: number;
  blocked: number;
  /** From a key or a click to the next frame that was drawn. */
  inputs: number[];
  /** Between two frames. */
  frames: number[];
  /** What the page's own thread spent of a processor: other work on this machine disturbs that less. */
  cpu: number;
}

export interface Probe {
  /** Tells what was felt since the last time, or since the page was opened. */
  take: () => Promise<Felt>;
}

/** Goes into each page before its own scripts. */
const PROBE = `
  window.probe = { tasks: [], inputs: [], frames: [] };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.tasks.push(duration);
  }).observe({ type: 'longtask' });
  for (const kind of ['keydown', 'pointerdown'])
    addEventListener(kind, () => {
      const at = performance.now();
      requestAnimationFrame(() => setTimeout(() => probe.inputs.push(performance.now() - at)));
    }, true);
  let last;
  const frame = (at) => {
    if (last !== undefined) probe.frames.push(at - last);
    last = at;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;

const threadSeconds = async (debug: CDPSession): Promise<number> => {
  const { metrics } = await debug.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN;
};

/** Watches what a reader feels of a page, from before its first script on. */
export const openProbe = async (page: Page, debug: CDPSession): Promise<Probe> => {
  await page.addInitScript(PROBE);
  await debug.send('Performance.enable', { timeDomain: 'threadTicks' });
  let spent = 0;
  return {
    take: async () => {
      const now = await threadSeconds(debug);
      const cpu = (now - spent) * 1000;
      spent = now;
      return { ...(await takeFelt(page)), cpu };
    },
  };
};

const takeFelt = async (page: Page): Promise<Omit<Felt, 'cpu'>> => {
  const { tasks, inputs, frames } = (await page.evaluate(`(() => {
    const taken = { ...probe };
    Object.assign(probe, { tasks: [], inputs: [], frames: [] });
    return taken;
  })()`)) as { tasks: number[]; inputs: number[]; frames: number[] };
  return {
    longTasks: tasks.length,
    longest: Math.max(0, ...tasks),
    blocked: tasks.reduce((sum, ms) => sum + ms - 50, 0),
    inputs,
    frames,
  };
};

/** When a condition, an expression of the page's, came true, by the page's clock; asked at each frame. */
export const whenTrue = (page: Page, condition: string, before = ''): Promise<number> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const begun = performance.now();
    ${before};
    const look = () => {
      if (${condition}) resolve(performance.now() - (${before === '' ? 0 : 'begun'}));
      else if (performance.now() - begun > 120_000) reject(new Error(${JSON.stringify(condition)} + ' never came true'));
      else requestAnimationFrame(look);
    };
    look();
  })`) as Promise<number>;

/** When the browser drew something first. */
export const firstPaint = (page: Page): Promise<number> =>
  page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN`) as Promise<number>;

/** What the page had sent to it so far, under compression, by kind. Bytes. */
export const transferred = async (page: Page): Promise<{ script: number; style: number; other: number }> =>
  (await page.evaluate(`(() => {
    const sum = { script: 0, style: 0, other: 0 };
    for (const { name, encodedBodySize } of performance.getEntriesByType('resource'))
      sum[/\\.js$/.test(name) ? 'script' : /\\.css$/.test(name) ? 'style' : 'other'] += encodedBodySize;
    return sum;
  })()`)) as { script: number; style: number; other: number };
