import { runEngineHost } from './host/child';

if (process.argv[2] === 'engine-host') runEngineHost();
else {
  const { runCli } = await import('./cli/cli');
  process.exit(await runCli(process.argv.slice(2)));
}
