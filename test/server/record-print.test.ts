// The whole record on paper: every entry with who says so, a code for each that leads to its proof, and an entry for the print itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import type { CardFace } from '../../core/card/drawing/card-face.ts';
import { cardLabels } from '../../core/card/drawing/labels.ts';
import type { RecordSheet, RecordSheetLine } from '../../core/card/drawing/record-sheet.ts';
import { layRecordSheet } from '../../core/card/drawing/record-sheet.ts';
import { recordSheetWords as sheetWords } from '../../core/card/drawing/record-sheet-words.ts';
import { openStudio } from '../../server/card/drawing/render.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { decodeQrCode } from '../harness/qr-code.ts';
import { conditionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'medallion-print-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function without(program: string): { skip: string | false } {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' });
    return { skip: false };
  } catch {
    return { skip: `${program} is not installed` };
  }
}

describe('the whole record on A4', () => {
  let server: TestServer;
  let asha: Person;
  let mother: Person;
  let doctor: Person;
  const words = ['Asthma “since school”', 'Penicillin V', 'Ibuprofen 400 mg, nach Bedarf', 'दमा'];
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    mother = await signUp(server.url, { name: 'Anita Rao' });
    doctor = await signUpClinician(server.url, server.pool);
    const subject = { reference: `Patient/${asha.patientId}` };
    await asha.create(conditionOf(asha.patientId, words[0]));
    await asha.create(conditionOf(asha.patientId, words[3]));
    await asha.create({
      resourceType: 'AllergyIntolerance',
      patient: subject,
      code: { text: words[1] },
      criticality: 'high',
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      reaction: [{ manifestation: [{ text: 'Anaphylaxis' }], severity: 'severe' }],
    });
    await asha.create({
      resourceType: 'MedicationStatement',
      status: 'active',
      subject,
      medicationCodeableConcept: { text: words[2] },
    });
    for (let i = 0; i < 20; i++) await asha.create(weightOf(asha.patientId, 60 + i));
    await server.sequencer.flush();
  });
  after(() => server.stop());

  const print = (language = 'en') => asha.get(`/api/record.pdf?language=${language}`);

  test(
    'every entry is on it, in both languages, and the print is an entry of its own',
    without('pdftotext'),
    async () => {
      const before = await asha.get('/api/entries');
      for (const language of ['en', 'hi']) {
        const printed = await print(language);
        assert.equal(printed.status, 200, printed.text.slice(0, 300));
        assert.equal(printed.headers.get('content-type'), 'application/pdf');
        writeFileSync(join(folder, 'record.pdf'), printed.bytes);
        const text = execFileSync('pdftotext', ['-layout', join(folder, 'record.pdf'), '-'], {
          encoding: 'utf8',
        });
        for (const one of [...words, '79 kg', '60 kg', 'Asha Rao'])
          assert.ok(text.normalize('NFC').includes(one.normalize('NFC')), `"${one}" in ${text}`);
        const pages = (await PDFDocument.load(printed.bytes)).getPageCount();
        assert.ok(pages >= 2, `${pages} pages`);
        const entry = printed.headers.get('ledger-entry') ?? '';
        const { rows } = await server.pool.query(
          `select statement from entry where entry_id = $1 and patient_id = $2`,
          [entry, asha.patientId],
        );
        const statement = JSON.parse((rows as { statement: string }[])[0]!.statement) as {
          event: string;
          shown: { count: number };
        };
        assert.deepEqual([statement.event, statement.shown.count], ['record-print', 25]);
      }
      assert.notEqual((await asha.get('/api/entries')).text, before.text);
    },
  );

  test(
    'the codes of a 300-dpi print lead to the place and the hash of the leaf, which anybody may look up',
    without('pdftoppm'),
    async () => {
      const printed = await print();
      writeFileSync(join(folder, 'codes.pdf'), printed.bytes);
      execFileSync('pdftoppm', [
        '-r',
        '300',
        '-png',
        '-f',
        '1',
        '-l',
        '1',
        join(folder, 'codes.pdf'),
        join(folder, 'page'),
      ]);
      const page = readFileSync(
        join(
          folder,
          `page-${'1'.padStart(String((await PDFDocument.load(printed.bytes)).getPageCount()).length, '0')}.png`,
        ),
      );
      const mm = (value: number) => Math.round((value / 25.4) * 300);
      // The right edge of the page is a column of codes; the foot has the print's own.
      const foot = await decodeQrCode(
        await sharp(page)
          .extract({ left: mm(160), top: mm(266), width: mm(36), height: mm(30) })
          .png()
          .toBuffer(),
      );
      const place = /^http:\/\/127\.0\.0\.1:\d+(\/v\/(\d+)\/[\w-]{43})$/.exec(foot ?? '');
      assert.ok(place, `the foot says ${foot}`);
      const leaf = await newClient(server.url).get(`/log/leaf/${place[2]}`);
      assert.equal(leaf.status, 200, leaf.text);
      const seen = new Set<string>();
      for (let y = 40; y < 240; y += 4) {
        const found = await decodeQrCode(
          await sharp(page)
            .extract({ left: mm(165), top: mm(y), width: mm(30), height: mm(26) })
            .png()
            .toBuffer(),
        );
        if (found !== undefined) seen.add(found);
      }
      assert.ok(seen.size >= 6, `${seen.size} codes of entries could be read`);
      for (const url of seen) assert.match(url, /\/v\/\d+\/[\w-]{43}$/);
    },
  );

  test('a record that is too large for paper is said so, in words to whoever followed a link, and is no look', async () => {
    const large = await signUp(server.url, { name: 'Maya Rao' });
    const { id } = await large.create(weightOf(large.patientId, 60));
    await server.pool.query(
      `insert into resource select (jsonb_populate_record(r, jsonb_build_object('resource_id', r.resource_id || i))).*
         from resource r, generate_series(1, 2000) i where r.resource_id = $1`,
      [id],
    );
    const program = await large.get('/api/record.pdf');
    assert.deepEqual([program.status, program.json<{ code: string }>().code], [422, 'too-large-to-print']);
    for (const language of ['en', 'hi'] as const) {
      const page = await large.call('GET', `/api/record.pdf?language=${language}`, {
        headers: { accept: 'text/html,application/xhtml+xml' },
      });
      assert.equal(page.status, 422);
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
      assert.ok(
        page.text.includes(`lang="${language}"`) && page.text.includes(sheetWords.tooLargeTitle[language]),
      );
      assert.ok(page.text.includes(sheetWords.tooLarge[language]));
    }
    const { rows } = await server.pool.query(
      `select 1 from entry where patient_id = $1 and statement like '%record-print%'`,
      [large.patientId],
    );
    assert.equal(rows.length, 0);
  });

  test('for whoever is signed in, of their own record; a program and a stranger get nothing', async () => {
    assert.equal((await newClient(server.url).get('/api/record.pdf')).status, 401);
    const other = await signUp(server.url);
    const text = (await other.get(`/api/record.pdf?patient=${asha.patientId}`)).bytes.toString('latin1');
    assert.ok(!text.includes('Asha'));
  });

  test(
    'a guardian and a clinician who was let in print what they may see, under their own name; sealed entries and strangers stay out',
    without('pdftotext'),
    async () => {
      const sealed = 'Seronegative arthritis, sealed';
      await asha.create({
        ...conditionOf(asha.patientId, sealed),
        meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
      });
      const invited = await asha.call('POST', '/api/guardians/invites', {
        body: { to: mother.login, level: 'view', relationship: 'MTH', evidence: 'wish' },
      });
      const { id } = invited.json<{ id: string }>();
      assert.equal((await mother.call('POST', `/api/guardians/invites/${id}/accept`)).status, 201);
      const given = (scope: unknown) =>
        asha.call('POST', '/api/grants', {
          body: { to: doctor.accountId, scope, purpose: 'TREAT', duration: 'P7D' },
        });
      const path = `/api/record.pdf?patient=${asha.patientId}`;
      assert.equal((await doctor.get(path)).status, 404, 'before');
      assert.equal((await given({ categories: ['results'] })).status, 201);
      assert.equal((await doctor.get(path)).status, 404, 'who they are is not covered');
      assert.equal((await given('whole')).status, 201);
      for (const [who, role, basis] of [
        [mother, 'guardian', 'guardian'],
        [doctor, 'professional', 'grant'],
      ] as const) {
        const printed = await who.get(path);
        assert.equal(printed.status, 200, printed.text.slice(0, 300));
        writeFileSync(join(folder, 'theirs.pdf'), printed.bytes);
        const text = execFileSync('pdftotext', ['-layout', join(folder, 'theirs.pdf'), '-'], {
          encoding: 'utf8',
        });
        assert.ok(text.includes('Penicillin V') && text.includes('only what they may see'));
        assert.ok(!text.includes('Seronegative'), 'what is sealed to them');
        const { rows } = await server.pool.query<{ statement: string }>(
          'select statement from entry where entry_id = $1 and patient_id = $2',
          [printed.headers.get('ledger-entry'), asha.patientId],
        );
        const statement = JSON.parse(rows[0]?.statement ?? '{}') as {
          basis: string;
          who: { role: string; account: string };
        };
        assert.deepEqual(
          [statement.basis, statement.who.role, statement.who.account],
          [basis, role, who.accountId],
        );
      }
      const own = await print();
      writeFileSync(join(folder, 'own.pdf'), own.bytes);
      assert.ok(
        execFileSync('pdftotext', ['-layout', join(folder, 'own.pdf'), '-'], { encoding: 'utf8' }).includes(
          'Seronegative',
        ),
      );
      assert.equal((await (await signUp(server.url)).get(path)).status, 404);
    },
  );
});

describe('layout of a printed record', () => {
  const face: CardFace = {
    name: 'A'.repeat(400),
    birthLine: 'Female, born 1 Feb 1980',
    uhid: '21938104572213',
    dangers: [],
    dangersState: { noneRecordedAsOf: '1 Jan 2026' },
    contacts: [],
    url: 'https://health.example.org',
    cardNumber: 0,
    issued: '',
    labels: cardLabels('en', 'hi'),
  };
  const sheet = (lines: readonly RecordSheetLine[]): RecordSheet => ({
    face,
    groups: [{ title: 'Results', lines }],
    printedAt: '20 Nov 2026, 09:30',
    proofUrl: `https://a-rather-long-name.health.example.org/v/123456789/${'x'.repeat(43)}`,
    words: {
      title: { first: 'The whole record' },
      continued: { first: 'continued' },
      printed: { first: 'Printed {date}' },
      page: { first: 'page {page} of {pages}' },
      summary: '3 entries',
      codes: 'Each code leads to its proof.',
      empty: 'Nothing is recorded.',
    },
  });
  const line = (text: string, index: number): RecordSheetLine => ({
    text,
    source: 'You said this, 2 May 2024.',
    voice: 'self-reported',
    place: `Log entry ${index}, version 1`,
    proofUrl: `https://a-rather-long-name.health.example.org/v/${index}/${'y'.repeat(43)}`,
  });

  test('every entry has its code, nothing leaves the page or stands on the foot, however long the words are', async () => {
    const { tools } = await openStudio();
    for (const [what, lines] of Object.entries({
      none: [],
      short: Array.from({ length: 60 }, (_, at) => line('Weight: 71 kg', at)),
      endless: [line('word '.repeat(4000), 1), line('x'.repeat(5000), 2), line('दमा '.repeat(900), 3)],
      strange: [line('', 1), line('a\u0000b\u202Ec\ud800', 2), line('😀'.repeat(50), 3)],
    })) {
      const pages = layRecordSheet(tools, sheet(lines));
      const codes: string[] = [];
      for (const page of pages)
        for (const mark of page.marks) {
          if (mark.kind === 'path') continue;
          assert.ok(
            mark.box.y >= 0 && mark.box.y + mark.box.height <= 297,
            `${what}: ${JSON.stringify(mark.box)}`,
          );
          assert.ok(mark.box.x >= 0 && mark.box.x + mark.box.width <= 210, what);
          if (mark.kind === 'code' && mark.box.y < 260) {
            codes.push(mark.payload);
            assert.ok(mark.moduleMm >= 0.38 - 1e-9, what);
          }
          if (mark.kind === 'text' && mark.baseline < 266)
            assert.ok(mark.baseline < 265, `${what}: ${mark.text} stands on the foot`);
        }
      assert.deepEqual(
        codes,
        lines.map(({ proofUrl }) => proofUrl),
        what,
      );
    }
  });
});
