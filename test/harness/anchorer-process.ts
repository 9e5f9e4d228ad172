// An anchorer in a process of its own that dies by `kill -9` at the named point, or goes on until the root stands on the chain.
// Arguments: database address, data folder, chain address, contract, key file, origin, point (or `none`).
import { readConfig } from '../../server/config.ts';
import { startAnchorer } from '../../server/ledger/anchorer.ts';
import { openDatabase } from '../../server/storage/database.ts';

const [databaseUrl = '', dataDir = '', rpcUrl = '', contract = '', keyFile = '', origin = '', point] =
  process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const { chain } = readConfig({
  CHAIN_RPC_URL: rpcUrl,
  CHAIN_CONTRACT: contract,
  CHAIN_PRIVATE_KEY_FILE: keyFile,
  CHAIN_CONFIRMATIONS: '1',
  CHAIN_EVERY_MINUTES: '0',
});
const database = await openDatabase({ dataDir, databaseUrl }, silent, { poolSize: 1 });
const anchorer = startAnchorer({
  connection: database.connection,
  config: chain,
  dataDir,
  origin,
  now: Date.now,
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  log: silent,
  at: (here) => {
    if (here === point) process.kill(process.pid, 'SIGKILL');
  },
});
while ((await anchorer.anchorNow()) !== 'idle');
await anchorer.stop();
await database.stop();
