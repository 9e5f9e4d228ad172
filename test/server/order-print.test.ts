// Orders on paper: whose they are, each test with its number as letters and as a code that a counter's reader gives back, who ordered it and
// where it goes; in both scripts. A print is a look, and shows nothing that whoever prints may not see.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { shownOrderCode } from '../../core/record/order-code.ts';
import { give } from '../access/world.ts';
import type { Answer, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { Laboratory } from '../harness/laboratory.ts';
import { openLaboratory, order } from '../harness/laboratory.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'medallion-order-print-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function without(...programs: readonly string[]): { skip: string | false } {
  for (const program of programs)
    try {
      execFileSync('which', [program], { stdio: 'ignore' });
    } catch {
      return { skip: `${program} is not installed` };
    }
  return { skip: false };
}

/** What a counter's reader says of a picture. */
const codesOn = (picture: string): string[] =>
  execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', picture], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trim()
    .split('\n');

describe('an order on paper', () => {
  let server: TestServer;
  let asha: Person;
  let doctor: Person;
  let lab: Laboratory;
  let salts: string;
  let xray: string;
  const codes = new Map<string, string>();
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    doctor = await signUpClinician(server.url, server.pool);
    lab = await openLaboratory(server);
    const since = { startsAtMs: Date.now() - 1000 };
    await give(server, asha.patientId, doctor, { kind: 'grant' }, since);
    await give(server, asha.patientId, doctor, { kind: 'edit' }, since);
    const person = (await asha.get(`/fhir/R4/Patient/${asha.patientId}`)).json();
    const body = { ...person, birthDate: '1988-03-04', gender: 'female' };
    const named = await asha.call('PUT', `/fhir/R4/Patient/${asha.patientId}`, { body });
    assert.equal(named.status, 200, named.text);
    const by = { requester: { display: 'Dr Meera Iyer' } };
    salts = await order(doctor, asha.patientId, lab.id, {
      ...by,
      priority: 'urgent',
      note: [{ text: 'सुबह ख़ाली पेट' }],
    });
    xray = await order(doctor, asha.patientId, lab.id, {
      ...by,
      performer: undefined,
      code: { text: 'छाती का एक्स-रे' },
    });
    for (const id of [salts, xray]) {
      const sent = await asha.call('PUT', `/api/orders/${id}/laboratory`, { body: { laboratory: lab.id } });
      assert.equal(sent.status, 204, sent.text);
    }
    for (const { id, code } of (await asha.get('/api/orders')).json<{ id: string; code: string }[]>())
      codes.set(id, code);
  });
  after(() => server.stop());

  const print = (by: Person, of: readonly string[], query = ''): Promise<Answer> =>
    by.get(`/api/orders.pdf?of=${of.join(',')}${query}`);
  const textOf = (printed: Answer): string => {
    const file = join(folder, 'orders.pdf');
    writeFileSync(file, printed.bytes);
    return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).normalize('NFC');
  };
  const printsOf = async (): Promise<
    { who: { role: string }; on?: { id: string }; shown: { count: number } }[]
  > => {
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where patient_id = $1 and statement::json ->> 'event' = 'order-print' order by entry_id`,
      [asha.patientId],
    );
    return rows.map(({ statement }) => JSON.parse(statement) as never);
  };

  test(
    'says whose it is, which tests, who ordered them when, and where they go, in the words of either language',
    without('pdftotext'),
    async () => {
      for (const [language, words] of [
        [
          'en',
          [
            'Tests ordered',
            'Goes to Kaveri Diagnostics',
            'Ordered by Dr Meera Iyer',
            '29 Nov 2026',
            'Urgent',
          ],
        ],
        ['hi', ['लिखी गई जाँचें', 'Kaveri Diagnostics में होगी', 'Dr Meera Iyer ने लिखी']],
      ] as const) {
        const printed = await print(asha, [salts, xray], `&language=${language}`);
        assert.equal(printed.status, 200, printed.text.slice(0, 300));
        assert.equal(printed.headers.get('content-type'), 'application/pdf');
        assert.equal(printed.headers.get('cache-control'), 'no-store');
        const text = textOf(printed).replace(/\u00a0/g, ' ');
        const uhid = asha.uhid.replace(/^(\d{2})(\d{4})(\d{4})(\d{4})$/, '$1 $2 $3 $4');
        for (const word of [
          ...words,
          'Asha Rao',
          uhid,
          '1988',
          'Salts and kidneys',
          'छाती का एक्स-रे',
          'सुबह ख़ाली पेट',
          ...[...codes.values()].map(shownOrderCode),
        ])
          assert.ok(text.includes(word.normalize('NFC')), `"${word}" in ${text}`);
      }
    },
  );

  test(
    'has beside each test a code that gives back its number, as the counter finds it by',
    without('pdftoppm', 'zbarimg'),
    async () => {
      const printed = await print(asha, [salts, xray]);
      const file = join(folder, 'codes.pdf');
      writeFileSync(file, printed.bytes);
      execFileSync('pdftoppm', ['-r', '200', '-png', '-singlefile', file, join(folder, 'codes')]);
      const read = codesOn(join(folder, 'codes.png'));
      for (const code of codes.values()) assert.ok(read.includes(code), `${code} in ${read.join()}`);
      const proof = read.find((one) => one.includes('/v/'));
      assert.match(proof ?? '', /\/v\/\d+\/[\w-]{43}$/, 'and one that leads to the proof of the print');
      const found = await lab.person.call('POST', '/api/laboratory/orders/find', {
        body: { code: codes.get(salts) },
      });
      assert.deepEqual(
        found.json<{ id: string }[]>().map(({ id }) => id),
        [salts],
      );
    },
  );

  test('is a look: of its person, of the clinician who prints it after signing, each before the page leaves', async () => {
    const before = (await printsOf()).length;
    assert.equal((await print(asha, [salts])).status, 200);
    const byDoctor = await print(doctor, [salts, xray], `&patient=${asha.patientId}`);
    assert.equal(byDoctor.status, 200, byDoctor.text.slice(0, 200));
    assert.notEqual(byDoctor.headers.get('ledger-entry') ?? '', '');
    const [own, theirs] = (await printsOf()).slice(before);
    assert.deepEqual([own?.who.role, own?.on?.id, own?.shown.count], ['patient', salts, 1]);
    assert.deepEqual([theirs?.who.role, theirs?.shown.count], ['professional', 2]);
  });

  test('is nobody else’s, and one that may not be seen keeps the others from the paper', async () => {
    const stranger = await signUp(server.url, { name: 'Nobody Near' });
    const unlet = await signUpClinician(server.url, server.pool, { organizationId: lab.id });
    const before = (await printsOf()).length;
    for (const by of [stranger, unlet, lab.person])
      assert.equal((await print(by, [salts], `&patient=${asha.patientId}`)).status, 404);
    assert.equal((await print(asha, [salts, 'no-such-order'])).status, 404);
    assert.equal((await print(asha, [])).status, 404);
    assert.equal(
      (
        await print(
          asha,
          Array.from({ length: 13 }, (_, at) => `a${at}`),
        )
      ).status,
      422,
    );
    assert.equal((await printsOf()).length, before);
  });

  test(
    'of a cancelled order says so and has no code for a counter',
    without('pdftotext', 'pdftoppm', 'zbarimg'),
    async () => {
      const gone = await order(doctor, asha.patientId, lab.id, { code: { text: 'Uric acid' } });
      await asha.call('PUT', `/api/orders/${gone}/laboratory`, { body: { laboratory: lab.id } });
      await asha.call('POST', `/api/orders/${gone}/cancel`, { body: { reason: 'Had it' } });
      const printed = await print(asha, [gone]);
      assert.match(textOf(printed), /This order was cancelled/);
      execFileSync('pdftoppm', [
        '-r',
        '200',
        '-png',
        '-singlefile',
        join(folder, 'orders.pdf'),
        join(folder, 'gone'),
      ]);
      const read = codesOn(join(folder, 'gone.png'));
      assert.equal(read.length, 1, read.join());
      assert.match(read[0] ?? '', /\/v\//, 'only the proof of the print');
    },
  );
});
