// A process that owns the data folder in its first argument and writes rows until it is stopped or killed (with a second
// argument `hold` it only holds the folder). It prints
// `ready`, then each row's number once the database has acknowledged it; what it cannot do, as `error <name> <message>`.
import { openDatabase } from '../../server/storage/database.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const [dataDir = '', task] = process.argv.slice(2);

try {
  const database = await openDatabase({ dataDir, databaseUrl: undefined }, silent);
  const stopping = new AbortController();
  process.once('SIGTERM', () => {
    stopping.abort();
    void database.stop().then(() => process.exit(0));
  });
  await database.pool.query('CREATE TABLE IF NOT EXISTS written (number bigserial PRIMARY KEY)');
  console.log('ready');
  if (task === 'hold') await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  while (!stopping.signal.aborted) {
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
