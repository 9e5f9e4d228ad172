// A record with one open and one sealed entry of every type, and everybody who could ask about it: of every basis there is, in
// force and over. Stored as the server stores; what is answered is not known here.
import { randomBytes, randomUUID } from 'node:crypto';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { NewAuthority } from '../../server/storage/authorities.ts';
import { insertAuthority } from '../../server/storage/authorities.ts';
import { prepareVersion } from '../../server/storage/prepare-version.ts';
import { writeBatch } from '../../server/storage/write-batch.ts';
import { approvedApp, tokensOf } from '../harness/app.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { program } from '../harness/program.ts';
import type { TestServer } from '../harness/server.ts';
import { resourceOf } from './every-type.ts';
import type { Asker, Basis, Given, Scope } from './oracle.ts';
import { isInRecord } from './oracle.ts';

export interface Actor {
  name: string;
  asker: Asker;
  headers: Readonly<Record<string, string>>;
  /** A basis that no longer holds, or never did: asked less of, since all of them must be answered like a stranger. */
  lapsed?: true;
  /** Asked everything also where nobody's data are: there no basis in a record counts, so that one of each kind is enough. */
  inDirectory?: boolean;
}

const minuteMs = 60_000;

/** Only Patient has its id from elsewhere. */
export function idOf(type: string, sealed: boolean): string {
  return `${sealed ? 'sealed' : 'open'}-${type}`;
}

/** Stores one resource of each of these types, twice where it is somebody's: open, and labelled as sensitive. */
export async function storeOneOfEach(
  server: TestServer,
  types: readonly string[],
  patientId: string,
  mark: string,
): Promise<void> {
  const sources = { now: Date.now, randomBytes: (count: number) => new Uint8Array(randomBytes(count)) };
  const versions = types
    .filter((type) => type !== 'Patient' && type !== 'AuditEvent')
    .flatMap((type) =>
      (isInRecord(type) ? [false, true] : [false]).map((sealed) =>
        prepareVersion(
          {
            patientId: isInRecord(type) ? patientId : '',
            resourceType: type,
            resourceId: idOf(type, sealed),
            version: 1,
            resource: parseJson(JSON.stringify(resourceOf(type, { patientId, mark, sealed }))) as Resource,
            author: 'import',
            who: { role: 'operator', name: 'test' },
            basis: 'operator-import',
          },
          sources,
        ),
      ),
    );
  await writeBatch(server.pool, { versions });
}

/** Everybody of whom the matrix asks. */
export async function everybody(server: TestServer, owner: Person): Promise<Actor[]> {
  const session = (one: Person): Record<string, string> => ({ cookie: one.cookie() ?? '' });
  const nowMs = Date.now();
  const person = async (name: string, bases: readonly Basis[], change?: Partial<NewAuthority>) => {
    const clinical = bases.some(({ kind }) => kind !== 'guardian');
    const one = clinical
      ? await signUpClinician(server.url, server.pool, { name: `Dr ${name}` })
      : await signUp(server.url, { name });
    for (const basis of bases)
      await give(server, owner.patientId, one, basis, { startsAtMs: nowMs - minuteMs, ...change });
    return one;
  };
  const actors: Actor[] = [
    { name: 'nobody', asker: { kind: 'anonymous' }, headers: {} },
    { name: 'owner', asker: { kind: 'person', bases: [{ kind: 'owner' }] }, headers: session(owner) },
    { name: 'stranger', asker: { kind: 'person', bases: [] }, headers: session(await signUp(server.url)) },
    {
      name: 'clinician',
      asker: { kind: 'person', bases: [] },
      headers: session(await signUpClinician(server.url, server.pool)),
    },
  ];
  for (const [name, bases] of Object.entries(inForce))
    actors.push({ name, asker: { kind: 'person', bases }, headers: session(await person(name, bases)) });
  for (const [name, [basis, change]] of Object.entries(over(nowMs))) {
    const one = await person(name, [basis], change);
    actors.push({ name, asker: { kind: 'person', bases: [] }, headers: session(one), lapsed: true });
  }
  const withoutLicence = await person('licence lapsed', [{ kind: 'grant' }]);
  await server.pool.query(
    `update organization_member set licence_until = '2020-01-01' where account_id = $1`,
    [withoutLicence.accountId],
  );
  const elsewhere = await signUpClinician(server.url, server.pool);
  const another = await signUp(server.url);
  await give(
    server,
    another.patientId,
    elsewhere,
    { kind: 'grant', sealed: true },
    { startsAtMs: nowMs - minuteMs },
  );
  for (const [name, one] of [
    ['licence lapsed', withoutLicence],
    ['let into another record', elsewhere],
  ] as const)
    actors.push({ name, asker: { kind: 'person', bases: [] }, headers: session(one), lapsed: true });
  actors.push(...(await ofOrganization(server, owner)));
  const unproved = await person('staff without a second factor', [{ kind: 'grant' }, { kind: 'edit' }]);
  await server.pool.query('update session set second = null where account_id = $1', [unproved.accountId]);
  actors.push({
    name: 'staff without a second factor',
    asker: { kind: 'unproved' },
    headers: session(unproved),
    lapsed: true,
  });
  for (const [scope, scopes] of Object.entries(programs)) {
    const { token } = await program(server, scope);
    actors.push({
      name: scope,
      asker: { kind: 'program', scopes },
      headers: { authorization: `Bearer ${token}` },
    });
  }
  // Apps that the owner let in, and a clinician: they have what their person has, and of that what the scopes hold.
  for (const [name, scope, scopes] of apps) {
    const app = await approvedApp(server, { name: 'Growth Chart' });
    const tokens = await tokensOf(server, owner, app, { scope: `launch/patient ${scope}` });
    actors.push({
      name,
      asker: { kind: 'app', bases: [{ kind: 'owner' }], scopes },
      headers: { authorization: `Bearer ${tokens.access_token}` },
      inDirectory: false,
    });
  }
  const enough = ['nobody', 'owner', 'stranger', 'guardian who manages', 'pen for the whole', 'broken glass'];
  return actors.map((one) => ({
    ...one,
    inDirectory: one.asker.kind === 'program' || enough.includes(one.name),
  }));
}

/** An organisation was let in: its clinicians with a licence, while they work there, and nobody else of it. */
async function ofOrganization(server: TestServer, owner: Person): Promise<Actor[]> {
  const organizationId = 'let-in-hospital';
  const startsAtMs = Date.now() - minuteMs;
  await insertAuthority(server.pool, {
    patientId: owner.patientId,
    authorityId: randomUUID(),
    basis: 'grant',
    organizationId,
    coverage: { sealed: false },
    purpose: 'TREAT',
    startsAtMs,
    endsAtMs: startsAtMs + 1000 * minuteMs,
  });
  const [first, lapsed, desk] = [
    await signUpClinician(server.url, server.pool, { name: 'Dr of the organisation', organizationId }),
    await signUpClinician(server.url, server.pool, { organizationId, licenceUntil: '2020-01-01' }),
    await signUpClinician(server.url, server.pool, { organizationId }),
  ];
  await server.pool.query(`update organization_member set role = 'desk' where account_id = $1`, [
    desk.accountId,
  ]);
  const one = (name: string, by: Person, bases: readonly Basis[]): Actor => ({
    name,
    asker: { kind: 'person', bases },
    headers: { cookie: by.cookie() ?? '' },
    ...(bases.length === 0 ? { lapsed: true } : {}),
  });
  return [
    one('clinician of an organisation that was let in', first, [{ kind: 'grant' }]),
    one('licence lapsed, of an organisation that was let in', lapsed, []),
    one('desk of an organisation that was let in', desk, []),
  ];
}

const inForce: Readonly<Record<string, readonly Basis[]>> = {
  'guardian who views': [{ kind: 'guardian', level: 'view' }],
  'guardian who shares': [{ kind: 'guardian', level: 'share' }],
  'guardian who acts': [{ kind: 'guardian', level: 'act' }],
  'guardian who manages': [{ kind: 'guardian', level: 'manage' }],
  'grant of the whole': [{ kind: 'grant' }],
  'grant of the whole, sealed too': [{ kind: 'grant', sealed: true }],
  'grant of results and medicines': [{ kind: 'grant', parts: ['results', 'medicines'] }],
  'grant of conditions, sealed too': [{ kind: 'grant', parts: ['conditions'], sealed: true }],
  'grant of two entries': [{ kind: 'grant', entries: ['Condition/open-Condition', 'Goal/sealed-Goal'] }],
  'grant of a part and an entry, sealed too': [
    { kind: 'grant', parts: ['visits'], entries: ['Goal/sealed-Goal'], sealed: true },
  ],
  'two grants': [
    { kind: 'grant', parts: ['allergies'] },
    { kind: 'grant', parts: ['visits'], sealed: true },
  ],
  'pen for the whole': [{ kind: 'grant' }, { kind: 'edit' }],
  'pen for results': [{ kind: 'grant' }, { kind: 'edit', parts: ['results'] }],
  'broken glass': [{ kind: 'break-glass' }],
};

function over(nowMs: number): Readonly<Record<string, readonly [Basis, Partial<NewAuthority>]>> {
  const ended = { startsAtMs: nowMs - 2 * minuteMs, endsAtMs: nowMs - minuteMs };
  return {
    'guardian of last year': [{ kind: 'guardian', level: 'manage' }, ended],
    'guardian of next year': [{ kind: 'guardian', level: 'manage' }, { startsAtMs: nowMs + 1000 * minuteMs }],
    'grant that ran out': [{ kind: 'grant', sealed: true }, ended],
    'pen that ran out': [{ kind: 'edit', sealed: true }, ended],
    'glass of an hour ago': [{ kind: 'break-glass' }, ended],
  };
}

const apps: readonly (readonly [string, string, readonly Scope[]])[] = [
  ['app for everything', 'patient/*.cruds', [{ type: '*', letters: 'cruds' }]],
  [
    'app for observations and conditions',
    'patient/Observation.rs patient/Condition.cu',
    [
      { type: 'Observation', letters: 'rs' },
      { type: 'Condition', letters: 'cu' },
    ],
  ],
];

const programs: Readonly<Record<string, readonly { type: string; letters: string }[]>> = {
  'system/*.cruds': [{ type: '*', letters: 'cruds' }],
  'system/*.r': [{ type: '*', letters: 'r' }],
  'system/*.s': [{ type: '*', letters: 's' }],
  'system/Observation.rs system/Patient.r': [
    { type: 'Observation', letters: 'rs' },
    { type: 'Patient', letters: 'r' },
  ],
  'system/Condition.cud': [{ type: 'Condition', letters: 'cud' }],
};

export async function give(
  server: TestServer,
  patientId: string,
  to: Person,
  basis: Basis,
  change: Partial<NewAuthority> & { startsAtMs: number },
): Promise<void> {
  if (basis.kind === 'owner') return;
  const {
    parts,
    entries,
    sealed = false,
  }: Given = basis.kind === 'grant' || basis.kind === 'edit' ? basis : {};
  await insertAuthority(server.pool, {
    patientId,
    authorityId: randomUUID(),
    basis: basis.kind,
    holderId: to.accountId,
    purpose: 'TREAT',
    ...(basis.kind === 'guardian'
      ? { level: basis.level }
      : {
          coverage: {
            ...(parts ? { categories: parts as never } : {}),
            ...(entries ? { entries } : {}),
            sealed,
          },
        }),
    endsAtMs: change.startsAtMs + 1000 * minuteMs,
    ...change,
  });
}
