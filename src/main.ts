/** The program's entry: the engine host's own start is short, because the daemon waits for it. */
const [, , command] = process.argv;

if (command === 'engine-host') {
  const { runEngineHost } = await import('./host/child');
  runEngineHost();
} else {
  const { default: serve } = await import('./cli/serve');
  await serve.handler?.({ paths: process.argv.slice(3) } as never);
}

export {};
