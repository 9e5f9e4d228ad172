// A process that owns the data folder in its first argument and writes rows until it is stopped or killed. It prints
// `ready`, then each row's number once the database has acknowledged it; what it cannot do, as `error <name> <message>`.
import { openDatabase } from '../../server/storage/database.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const [dataDir = '', holdsStill] = process.argv.slice(2);

try {
  const database = await openDatabase({ dataDir, databaseUrl: undefined }, silent);
  let stopping = false;
  process.once('SIGTERM', () => {
    stopping = true;
    void database.stop().then(() => process.exit(0));
  });
  await database.pool.query('CREATE TABLE IF NOT EXISTS written (number bigserial PRIMARY KEY)');
  console.log('ready');
  while (!stopping && holdsStill === undefined) {
    const answer = await database.pool.query<{ number: number }>(
      'INSERT INTO written DEFAULT VALUES RETURNING number',
    );
    console.log(String(answer.rows[0]?.number));
  }
} catch (error) {
  const { name, message } = error instanceof Error ? error : { name: 'unknown', message: '' };
  console.log(`error ${name} ${message}`);
  process.exit(3);
}
