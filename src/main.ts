/** The program's entry: the engine host's own start is short, because the daemon waits for it. */
const [, , command] = process.argv;

if (command === 'engine-host') {
  const { runEngineHost } = await import('./host/child');
  runEngineHost();
} else {
  const { runCli } = await import('./cli/cli');
  process.exit(await runCli(process.argv.slice(2)));
}

export {};
