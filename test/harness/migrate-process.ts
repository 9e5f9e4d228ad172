// A process that migrates the database in its first argument from the folder in its second. It prints the applied names,
// or `error <name> <message>`.
import pg from 'pg';
import { migrate } from '../../server/storage/migrate.ts';

const [url = '', folder = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 1 });
pool.on('error', () => undefined);
try {
  console.log(JSON.stringify(await migrate(pool, folder)));
} catch (error) {
  const { name, message } = error instanceof Error ? error : { name: 'unknown', message: '' };
  console.log(`error ${name} ${message}`);
}
await pool.end();
