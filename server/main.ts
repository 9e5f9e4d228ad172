// Starts the platform: environment, database, schema, log, routes, in that order; stops them in the other.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { readConfig } from './config.ts';

// What was compiled once is not compiled again: half of the time of a later start. Where the folder cannot be written, nothing is lost.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/medallion'));
const { start } = await import('./start.ts');

const fail = (error: unknown): never => {
  const { name, message } = error as Error;
  process.stderr.write(
    `Medallion did not start. ${name === 'ConfigError' ? 'Configuration: ' : ''}${message}\n`,
  );
  process.exit(1);
};

try {
  const running = await start(readConfig(process.env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      running.stop().then(() => process.exit(0), fail);
    });
  }
  process.stdout.write(`${running.greeting}\n`);
} catch (error) {
  fail(error);
}
