/** Writes `config/assay.yaml` and `config/assay.schema.json` anew: `bun src/config/generate.ts`, after a change of the schema. */
import { join } from 'node:path';
import { defaultFile, schemaFile } from './default-file';

const folder = join(import.meta.dir, '../../config');
await Bun.write(join(folder, 'assay.yaml'), defaultFile());
await Bun.write(join(folder, 'assay.schema.json'), schemaFile());
