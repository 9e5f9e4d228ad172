// A responder leaves a note from the emergency page: who may, what becomes of it, who sees it and for how long.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { importDirectory } from '../harness/directory.ts';
import type { Client } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { employ } from '../harness/laboratory.ts';
import { doctor, later, letIn, patient, server } from './consent-world.ts';

const code = '482913';
let path: string;
beforeEach(async () => {
  const { url } = (await patient.get('/api/emergency-card')).json<{ url: string }>();
  path = `${new URL(url).pathname}/handover`;
  assert.ok((await patient.call('PUT', '/api/emergency-card/code', { body: { code } })).status < 300);
});

const said = {
  note: 'Found at the bus stand, spoke after two minutes.',
  pulse: '92',
  systolic: '148',
  diastolic: '88',
};
const leave = (who: Client, form: Record<string, string>) =>
  who.call('POST', path, {
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const stranger = () => newClient(server.url);
const recent = (who: Client) => who.get(`/api/handovers?patient=${patient.patientId}`);

describe('a handover note', () => {
  it('is announced on the emergency page with its age and whether it was verified; its words stand behind the code', async () => {
    const card = path.replace('/handover', '');
    const first = async () => (await stranger().get(`${card}?l=en`)).text;
    const second = async () =>
      (
        await stranger().call('POST', `${card}?l=en`, {
          body: new URLSearchParams({ code }).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).text;
    assert.ok(!(await first()).includes('handover note was left'));
    assert.equal((await leave(stranger(), { ...said, code })).status, 201);
    assert.match(await first(), /A handover note was left just now\./);
    await later(10 * 60_000, patient, doctor);
    assert.equal((await leave(doctor, { note: 'Airway clear, on the way.' })).status, 201);
    const seen = await first();
    assert.match(
      seen,
      /left just now.*By a clinician with a checked licence.*left 10 min ago.*Not verified/su,
    );
    assert.ok(!seen.includes('bus stand') && !seen.includes('Airway'));
    const opened = await second();
    assert.match(opened, /Airway clear, on the way\..*Found at the bus stand/su);
    assert.match((await stranger().get(`${card}?l=hi`)).text, /10 मिनट पहले/);
    const { rows } = await server.pool.query<{ id: string }>(
      `select communication_id as id from handover where patient_id = $1 order by left_at desc limit 1`,
      [patient.patientId],
    );
    assert.equal(
      (await patient.call('PUT', '/api/emergency-card', { body: { hidden: [rows[0]?.id] } })).status,
      200,
    );
    assert.ok(!(await first()).includes('checked licence'));
    await later(24 * 3_600_000, patient);
    assert.ok(!(await first()).includes('handover note was left'));
    assert.ok(!(await second()).includes('bus stand'));
  });

  it('is left with the access code, marked as not verified, as entries of the record, and its person is told', async () => {
    const page = await stranger().get(path);
    assert.equal(page.status, 200);
    assert.ok(!page.text.includes('Asha') && !page.text.includes('<script'));
    const left = await leave(stranger(), { ...said, code });
    assert.equal(left.status, 201, left.text);
    assert.ok(!left.text.includes('Asha'));
    const [one] = (await recent(patient)).json<{ verified: boolean; lines: string[]; entry: string }[]>();
    assert.equal(one?.verified, false);
    assert.deepEqual(one?.lines, [
      said.note,
      'Systolic blood pressure 148 mmHg, Diastolic blood pressure 88 mmHg, Heart rate 92 /min',
    ]);
    const vitals = (await patient.get(`/fhir/R4/Observation?patient=${patient.patientId}`)).json<{
      entry: { resource: { status: string; meta: { tag: { code: string }[] } } }[];
    }>();
    assert.equal(vitals.entry.length, 2);
    for (const { resource } of vitals.entry) {
      assert.equal(resource.status, 'preliminary');
      assert.ok(resource.meta.tag.some((tag) => tag.code === 'unverified'));
    }
    const { text } = await patient.get('/api/notices');
    assert.match(text, /handover-left/);
    assert.ok(!text.includes('bus stand'));
    assert.match((await patient.get('/api/entries')).text, /"event":"handover"/);
  });

  it('by a signed-in clinician with a checked licence needs no code and stands under their name', async () => {
    assert.match((await doctor.get(path)).text, /checked licence/);
    assert.equal((await leave(doctor, said)).status, 201);
    const [one] = (await recent(patient)).json<{ verified: boolean; entry: string }[]>();
    assert.equal(one?.verified, true);
    const note = (await patient.get(`/fhir/R4/${one?.entry}`)).json<{ meta: { tag: { code: string }[] } }>();
    assert.ok(note.meta.tag.some((tag) => tag.code === 'professional'));
    assert.equal((await doctor.get(`/fhir/R4/${one?.entry}`)).status, 404, 'leaving opens nothing');
    assert.notEqual(
      (await leave(await signUp(server.url), said)).status,
      201,
      'being signed in is not enough',
    );
  });

  it('is refused without the right code, costs a try, and tells the person', async () => {
    for (const [given, status] of [
      ['000000', 403],
      ['12', 422],
      ['', 422],
    ] as const) {
      const answer = await leave(stranger(), { ...said, code: given });
      assert.equal(answer.status, status);
      assert.match(answer.text, /Found at the bus stand/, 'what was typed is given back');
    }
    assert.deepEqual((await recent(patient)).json(), []);
    assert.match((await patient.get('/api/notices')).text, /card-code-wrong/);
  });

  it('holds nothing but words and vitals within bounds', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { pulse: '999' },
      { pulse: '-1' },
      { pulse: '1e2' },
      { temperature: '370' },
      { oxygen: '101' },
      { systolic: '120' },
      { note: 'x'.repeat(1001) },
      { note: 'a\u0000b' },
      { breaths: '12; drop' },
    ];
    for (const form of wrong)
      assert.equal((await leave(stranger(), { ...form, code })).status, 422, JSON.stringify(form));
    const answer = await leave(stranger(), { note: '<script>alert(1)</script>', pulse: 'x', code });
    assert.ok(!answer.text.includes('<script>'));
    assert.equal((await leave(stranger(), { temperature: '36,6', code })).status, 201);
  });

  it('stands for a day before whoever may read it, by a grant or a broken glass, and for nobody else', async () => {
    assert.equal((await leave(stranger(), { ...said, code })).status, 201);
    for (const who of [doctor, await signUp(server.url)]) assert.equal((await recent(who)).status, 404);
    await letIn();
    assert.equal((await recent(doctor)).json<unknown[]>().length, 1);
    const reads = (await patient.get('/api/entries?kind=looks')).text;
    assert.match(reads, /"type":"Communication"/, 'each look is in the chain');
    await later(24 * 3_600_000, patient, doctor);
    assert.deepEqual((await recent(doctor)).json(), []);
    const kept = (await patient.get(`/fhir/R4/Communication?patient=${patient.patientId}`)).json<{
      total: number;
    }>();
    assert.equal(kept.total, 1, 'in the record it stays');
  });

  it('tells the hospital that was chosen that somebody comes, without a word of the record, and nobody else', async () => {
    const [id, elsewhere] = [randomUUID(), randomUUID()];
    await importDirectory(server.deps, [
      { resourceType: 'Organization', id, name: 'Kaveri General Hospital' },
      { resourceType: 'Organization', id: elsewhere, name: 'Neelkamal Hospital' },
    ]);
    const there = await signUpClinician(server.url, server.pool, { organizationId: id });
    const away = await signUpClinician(server.url, server.pool, { organizationId: elsewhere });
    const unlicensed = await signUpClinician(server.url, server.pool, {
      organizationId: id,
      licenceUntil: null,
    });
    const [desk, laboratory] = [await employ(server, 'desk', id), await employ(server, 'laboratory', id)];
    const form = (await stranger().get(path)).text;
    assert.match(form, new RegExp(`<option value="${id}" ?>Kaveri General Hospital</option>`));
    const refused = await leave(stranger(), { ...said, code, to: randomUUID() });
    assert.equal(refused.status, 422);
    assert.ok(refused.text.includes(said.note), 'what was typed is given back');
    assert.equal((await leave(stranger(), { ...said, code, to: id })).status, 201);
    const coming = async (who: Client) => {
      const answer = await who.get('/api/handovers/coming');
      assert.equal(answer.status, 200, answer.text);
      assert.ok(!answer.text.includes('Asha') && !answer.text.includes('bus stand'));
      return answer.json<{ last4: string; verified: boolean; organization: string; patient?: string }[]>();
    };
    const [seen] = await coming(there);
    assert.equal(seen?.last4, patient.uhid.slice(-4));
    assert.deepEqual([seen?.verified, seen?.organization], [false, 'Kaveri General Hospital']);
    assert.equal(seen?.patient, patient.patientId);
    for (const who of [desk, unlicensed]) {
      const [told] = await coming(who);
      assert.equal(told?.last4, patient.uhid.slice(-4));
      assert.equal(told?.patient, undefined, 'by this alone nobody opens a record');
    }
    for (const who of [away, laboratory, patient, doctor]) assert.deepEqual(await coming(who), []);
    assert.equal((await stranger().get('/api/handovers/coming')).status, 401);
    assert.equal((await recent(there)).status, 404, 'it opens nothing');
    await server.pool.query('update organization_member set ended_at = now() where member_id = $1', [
      there.memberId,
    ]);
    assert.deepEqual(await coming(there), []);
    await later(24 * 3_600_000, desk);
    assert.deepEqual(await coming(desk), []);
  });

  it('that is taken out of the record is announced no longer', async () => {
    const id = randomUUID();
    await importDirectory(server.deps, [{ resourceType: 'Organization', id, name: 'A hospital' }]);
    const there = await signUpClinician(server.url, server.pool, { organizationId: id });
    assert.equal((await leave(stranger(), { pulse: '80', code, to: id })).status, 201);
    const [one] = (await recent(patient)).json<{ entry: string }[]>();
    assert.equal((await patient.call('DELETE', `/fhir/R4/${one?.entry}`)).status, 204);
    assert.deepEqual((await there.get('/api/handovers/coming')).json(), []);
  });

  it('is not taken more than ten times an hour, nor by a card that opens nothing', async () => {
    for (let n = 0; n < 10; n++)
      assert.equal((await leave(stranger(), { pulse: '80', code })).status, 201, String(n));
    assert.equal((await leave(stranger(), { pulse: '80', code })).status, 429);
    await patient.call('POST', '/api/emergency-card/lost');
    assert.equal((await leave(stranger(), { pulse: '80', code })).status, 404);
  });
});
