import { runEngineHost } from './host/child';

if (process.argv[2] === 'engine-host') runEngineHost();
