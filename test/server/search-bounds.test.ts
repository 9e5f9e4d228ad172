// Where a search ends: depth of `_has`, rounds and number of what is included, keys of `_sort`, kinds of `_total`; and what becomes of
// references when their target is deleted.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { BundleBody, OutcomeBody } from '../harness/resources.ts';
import { conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('the bounds of a search', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  async function find(query: string) {
    const answer = await asha.get(`/fhir/R4/${query}`);
    assert.equal(answer.status, 200, `${query}: ${answer.text}`);
    const bundle = answer.json<BundleBody>();
    const of = (mode: string) => (bundle.entry ?? []).filter(({ search }) => search?.mode === mode);
    const outcome = of('outcome')[0]?.resource as unknown as OutcomeBody | undefined;
    return {
      total: bundle.total,
      matches: of('match').map(({ resource }) => resource?.id ?? ''),
      included: of('include').map(({ resource }) => resource?.id ?? ''),
      incomplete: outcome?.issue.some(({ code }) => code === 'incomplete') ?? false,
    };
  }
  const naming = async (...ids: string[]): Promise<string> =>
    (
      await asha.create({
        ...weightOf(asha.patientId, 60),
        ...(ids.length === 0 ? {} : { hasMember: ids.map((id) => ({ reference: `Observation/${id}` })) }),
      })
    ).id;

  test('_include:iterate goes four rounds, says when there was more, and ends where references go in circles', async () => {
    const chain = [await naming()];
    for (let i = 0; i < 6; i += 1) chain.unshift(await naming(chain[0] ?? ''));
    const along = (id: string | undefined) =>
      find(`Observation?_id=${id}&_include=Observation:has-member&_include:iterate=Observation:has-member`);
    const far = await along(chain[0]);
    assert.deepEqual(far.included.toSorted(), chain.slice(1, 5).toSorted());
    assert.ok(far.incomplete, 'what is left out is told');
    const near = await along(chain[2]);
    assert.deepEqual(near.included.toSorted(), chain.slice(3, 7).toSorted());
    assert.ok(!near.incomplete, 'nothing was left out');
    // The last names the first.
    const last = chain.at(-1) ?? '';
    const closed = await asha.call('PUT', `/fhir/R4/Observation/${last}`, {
      body: {
        ...weightOf(asha.patientId, 60),
        id: last,
        hasMember: [{ reference: `Observation/${chain[3]}` }],
      },
    });
    assert.equal(closed.status, 200, closed.text);
    const circle = await along(chain[3]);
    assert.deepEqual(circle.included.toSorted(), chain.slice(4).toSorted());
    assert.ok(!circle.incomplete);
    const reverse = await find(`Observation?_id=${last}&_revinclude:iterate=Observation:has-member`);
    assert.ok(reverse.included.length >= 3 && !reverse.included.includes(last));
  });

  test('a thousand resources are included and no more; what is left out is told', async () => {
    const visit = (
      await asha.create({
        resourceType: 'Encounter',
        status: 'finished',
        class: { code: 'AMB' },
        subject: { reference: `Patient/${asha.patientId}` },
      })
    ).id;
    const one = (i: number) =>
      postEntry({ ...weightOf(asha.patientId, i + 1), encounter: { reference: `Encounter/${visit}` } });
    const store = async (count: number) => {
      const body = transactionOf(...Array.from({ length: count }, (_, i) => one(i)));
      assert.equal((await asha.call('POST', '/fhir/R4', { body })).status, 200);
    };
    await store(1000);
    const query = `Encounter?_id=${visit}&_revinclude=Observation:encounter`;
    const full = await find(query);
    assert.deepEqual([full.included.length, full.incomplete, full.total], [1000, false, 1]);
    await store(1);
    const cut = await find(query);
    assert.deepEqual([cut.included.length, cut.incomplete, cut.total], [1000, true, 1]);
  });

  test('_has goes three links deep, and deeper is refused as too costly', async () => {
    const chain = [await naming()];
    for (let i = 0; i < 3; i += 1) chain.unshift(await naming(chain[0] ?? ''));
    const has = (links: number) => `${'_has:Observation:has-member:'.repeat(links)}_id=${chain[0]}`;
    for (const links of [1, 2, 3])
      assert.deepEqual((await find(`Observation?${has(links)}`)).matches, [chain[links]], `${links}`);
    const answer = await asha.get(`/fhir/R4/Observation?${has(4)}`);
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json<OutcomeBody>().issue[0]?.code, 'too-costly');
    const many = Array.from({ length: 21 }, () => has(1)).join('&');
    assert.equal((await asha.get(`/fhir/R4/Observation?${many}`)).status, 400);
  });

  test('_sort takes five keys, each in its own direction', async () => {
    const at = async (date: string, value: number) =>
      (
        await asha.create({
          ...conditionOf(asha.patientId),
          onsetDateTime: date,
          recordedDate: `2026-01-0${value}`,
        })
      ).id;
    const [late2, early1, late1, early2] = [
      await at('2025-02-02', 2),
      await at('2025-01-01', 1),
      await at('2025-02-02', 1),
      await at('2025-01-01', 2),
    ];
    const sorted = async (sort: string) => (await find(`Condition?onset-date=2025&_sort=${sort}`)).matches;
    assert.deepEqual(await sorted('onset-date,recorded-date'), [early1, early2, late1, late2]);
    assert.deepEqual(await sorted('-onset-date,recorded-date'), [late1, late2, early1, early2]);
    assert.deepEqual(await sorted('recorded-date,-onset-date,code,subject,-_id'), [
      late1,
      early1,
      late2,
      early2,
    ]);
    const six = 'recorded-date,onset-date,code,subject,_id,_lastUpdated';
    assert.equal((await asha.get(`/fhir/R4/Condition?_sort=${six}`)).status, 400);
  });

  test('_total is none, estimate or accurate, and counts all pages and nothing that comes along', async () => {
    const query = 'Condition?onset-date=2025&_count=1&_include=Condition:subject';
    assert.equal((await find(query)).total, 4);
    assert.equal((await find(`${query}&_total=accurate`)).total, 4);
    assert.equal((await find(`${query}&_total=estimate`)).total, 4);
    assert.equal((await find(`${query}&_total=none`)).total, undefined);
    assert.equal((await asha.get(`/fhir/R4/${query}&_total=about`)).status, 400);
  });

  test('what others refer to may be deleted: it is left out of what comes along, and nothing new may name it', async () => {
    const { id } = await asha.create(conditionOf(asha.patientId));
    const referrer = {
      resourceType: 'Encounter',
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: `Patient/${asha.patientId}` },
      diagnosis: [{ condition: { reference: `Condition/${id}` } }],
    };
    const { id: visit } = await asha.create(referrer);
    const query = `Encounter?_id=${visit}&_include=Encounter:diagnosis`;
    assert.deepEqual((await find(query)).included, [id]);
    assert.deepEqual((await find(`Encounter?diagnosis._id=${id}`)).matches, [visit]);
    assert.equal((await asha.call('DELETE', `/fhir/R4/Condition/${id}`)).status, 204);
    assert.equal((await asha.get(`/fhir/R4/Condition/${id}`)).status, 410);
    assert.equal((await asha.get(`/fhir/R4/Condition/${id}/_history/1`)).status, 200);
    const left = await find(query);
    assert.deepEqual([left.matches, left.included], [[visit], []]);
    assert.deepEqual((await find(`Encounter?diagnosis._id=${id}`)).matches, []);
    assert.deepEqual(
      (await find(`Encounter?diagnosis=Condition/${id}`)).matches,
      [visit],
      'it still says so',
    );
    assert.ok(!(await find(`Patient/${asha.patientId}/$everything?_count=1000`)).matches.includes(id));
    const changed = await asha.call('PUT', `/fhir/R4/Encounter/${visit}`, {
      body: { ...referrer, id: visit, status: 'cancelled' },
    });
    assert.equal(changed.status, 200, changed.text);
    const anew = await asha.call('POST', '/fhir/R4/Encounter', { body: referrer });
    assert.equal(anew.status, 422, anew.text);
    // Nor within one change, in whatever order.
    const { id: other } = await asha.create(conditionOf(asha.patientId));
    const entries = [
      { request: { method: 'DELETE', url: `Condition/${other}` } },
      postEntry({ ...referrer, diagnosis: [{ condition: { reference: `Condition/${other}` } }] }),
    ];
    for (const order of [entries, entries.toReversed()]) {
      const answer = await asha.call('POST', '/fhir/R4', { body: transactionOf(...order) });
      assert.equal(answer.status, 422, answer.text);
    }
    assert.equal((await asha.get(`/fhir/R4/Condition/${other}`)).status, 200);
  });
});
