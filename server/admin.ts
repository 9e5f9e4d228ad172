// The operator's tool: `npm run admin -- <verb>`. Works beside a running server or alone.
import { parseArgs } from 'node:util';
import { anchorNow, deployContract } from './admin/anchor.ts';
import { claimForPerson, makeBlankCards } from './admin/cards.ts';
import { erasePerson, holdRecord } from './admin/erase.ts';
import { exportPerson } from './admin/export.ts';
import { importFolder } from './admin/import.ts';
import { keepUsage, readKeepingWork } from './admin/keep.ts';
import { createClient, showClients, stopClient } from './admin/clients.ts';
import { addMember } from './admin/members.ts';
import { reindex } from './admin/reindex.ts';
import { rotateKeys } from './admin/rotate-keys.ts';
import { readConfig } from './config.ts';
import type { Stores } from './stores.ts';
import { openStoresBeside } from './stores.ts';

const usage = `Usage: npm run admin -- <verb>

  import <file or folder>                          bring in FHIR transaction Bundles (*.json) and resources by line (*.ndjson)
  export --for <UHID> --reason <why> --out <file>   one person's whole record as a file that anybody can verify; they are told
         [--no-files]
  anchor                                            put the newest signed root on the chain now
  anchor deploy                                     make the contract on the chain of CHAIN_RPC_URL, once
  erase <Type/id | everything> --for <UHID> --reason <why> --out <receipt>
                                                    destroy it for good; the receipt is for the person
  hold --for <UHID> --reason <why>                  nothing of this record can be erased until lift-hold
  lift-hold --for <UHID> --reason <why>
  cards blank <count> --out <file.pdf> [--label …]  make pre-printed cards that a desk gives out
  cards claim <claim code> --for <UHID>             give such a card to a person
  reindex                                           compute anew what resources are found by; beside a server at work, goes on where it was stopped
  rotate-keys [log|card|apps] [--overlap-days 30]     new keys; the old ones vouch for them, nothing printed or proven is lost
  create-client --name <name> --scope <scopes> [--jwks <file>]
                                                    let a program in, e.g. --scope "system/*.rs"
  list-clients                                      which programs have access
  disable-client <client id>                        take it away, at once
  add-member <login> --organization <id> --role <role> [--licence <number> --until <day>] [--practitioner <id>]
                                                    who works where, and whose licence was checked
${keepUsage}`;

type Work = (stores: Stores) => Promise<number>;

/** What the command line asks for; undefined when it is not understood. */
function readWork(args: readonly string[]): Work | undefined {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      label: { type: 'string', default: '' },
      for: { type: 'string' },
      name: { type: 'string' },
      scope: { type: 'string' },
      jwks: { type: 'string' },
      reason: { type: 'string' },
      organization: { type: 'string' },
      role: { type: 'string' },
      practitioner: { type: 'string' },
      licence: { type: 'string' },
      until: { type: 'string' },
      'overlap-days': { type: 'string', default: '30' },
      'no-files': { type: 'boolean', default: false },
    },
  });
  const [verb, first, second, ...more] = positionals;
  if (more.length > 0) return undefined;
  const said =
    (act: (stores: Stores) => Promise<string>): Work =>
    async (stores) => {
      process.stdout.write(`${await act(stores)}\n`);
      return 0;
    };
  if (verb === 'import' && first !== undefined && second === undefined)
    return (stores) => importFolder(stores, first);
  if (
    verb === 'rotate-keys' &&
    second === undefined &&
    (first === undefined || /^(log|card|apps)$/.test(first))
  )
    return said((stores) => rotateKeys(stores, first, values['overlap-days']));
  if (verb === 'reindex' && first === undefined)
    return said((stores) => reindex(stores, (line) => process.stderr.write(`${line}\n`)));
  const { name, scope, jwks } = values;
  if (verb === 'create-client' && first === undefined && name !== undefined && scope !== undefined)
    return said((stores) => createClient(stores, name, scope, jwks));
  const { organization, role, practitioner, licence, until } = values;
  if (verb === 'add-member' && first !== undefined && second === undefined && organization && role)
    return said((stores) =>
      addMember(stores, { login: first, organization, role, practitioner, licence, until }),
    );
  if (verb === 'list-clients' && first === undefined) return said(showClients);
  if (verb === 'disable-client' && first !== undefined && second === undefined)
    return said((stores) => stopClient(stores, first));
  if (verb === 'anchor' && first === undefined) return said(anchorNow);
  if (verb === 'anchor' && first === 'deploy' && second === undefined) return said(deployContract);
  const { out, label, for: uhid, reason } = values;
  if (verb === 'export' && first === undefined && uhid && reason && out)
    return said((stores) =>
      exportPerson(stores, { uhid, reason, file: out, withFiles: !values['no-files'] }, (line) =>
        process.stderr.write(`${line}\n`),
      ),
    );
  if (verb === 'erase' && first !== undefined && second === undefined && uhid && reason && out)
    return said((stores) => erasePerson(stores, { uhid, what: first, reason, file: out }));
  if ((verb === 'hold' || verb === 'lift-hold') && first === undefined && uhid && reason)
    return said((stores) => holdRecord(stores, { uhid, reason, lift: verb === 'lift-hold' }));
  if (verb !== 'cards' || second === undefined) return undefined;
  if (first === 'blank' && out !== undefined)
    return said((stores) => makeBlankCards(stores, Number(second), out, label));
  if (first === 'claim' && uhid !== undefined) return said((stores) => claimForPerson(stores, second, uhid));
  return undefined;
}

async function run(): Promise<number> {
  const args = process.argv.slice(2);
  const keeping = readKeepingWork(args);
  if (typeof keeping === 'function')
    return keeping({ ...readConfig(process.env), logLevel: 'warn' }, (line) =>
      process.stdout.write(`${line}\n`),
    );
  const work = keeping === 'wrong' ? undefined : readWork(args);
  if (!work) {
    process.stderr.write(usage);
    return 2;
  }
  const stores = await openStoresBeside({ ...readConfig(process.env), logLevel: 'warn' });
  try {
    return await work(stores);
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
