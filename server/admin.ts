// The operator's tool: `npm run admin -- <verb>`. Works beside a running server or alone.
import { importFolder } from './admin/import.ts';
import { readConfig } from './config.ts';
import { openStoresBeside } from './stores.ts';

const usage = `Usage: npm run admin -- <verb>

  import <file or folder>     bring in FHIR transaction Bundles (*.json)
`;

const [verb, ...rest] = process.argv.slice(2);

async function run(): Promise<number> {
  if (verb !== 'import' || rest.length !== 1) {
    process.stderr.write(usage);
    return 2;
  }
  const stores = await openStoresBeside({ ...readConfig(process.env), logLevel: 'warn' });
  try {
    return await importFolder(stores, rest[0] as string);
  } finally {
    await stores.stop();
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
