// Search over HTTP: each row says what is asked and what is found, by name. What is not understood is refused by name, not ignored.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { BundleBody, OutcomeBody } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';

describe('search', () => {
  let server: TestServer;
  let asha: Person;
  /** Ids by the names used below. */
  const ids: Record<string, string> = {};
  const names = new Map<string, string>();

  async function make(name: string, resource: Record<string, unknown>): Promise<void> {
    const { id } = await asha.create(resource);
    ids[name] = id;
    names.set(id, name);
  }

  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    const subject = { reference: `Patient/${asha.patientId}` };
    const observation = (code: string, more: Record<string, unknown>) => ({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: loinc, code }] },
      subject,
      ...more,
    });
    const kg = (value: number) => ({ value, unit: 'kg', system: ucum, code: 'kg' });
    await make('w70', observation('29463-7', { effectiveDateTime: '2025-03-01', valueQuantity: kg(70) }));
    await make(
      'w71.5',
      observation('29463-7', { effectiveDateTime: '2025-06-15T08:30:00Z', valueQuantity: kg(71.5) }),
    );
    await make(
      'w155lb',
      observation('29463-7', {
        effectiveDateTime: '2026-01-20',
        valueQuantity: { value: 155, unit: 'lb', system: ucum, code: '[lb_av]' },
      }),
    );
    await make(
      'height',
      observation('8302-2', {
        status: 'preliminary',
        effectivePeriod: { start: '2025-01-01', end: '2025-12-31' },
        valueQuantity: { value: 170, unit: 'cm', system: ucum, code: 'cm' },
      }),
    );
    await make('local', {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: 'x' }] },
      subject,
      effectiveDateTime: '2024',
      hasMember: [{ reference: `Observation/${ids['w70']}` }],
    });
    await make('plain', { resourceType: 'Condition', subject, code: { text: 'Asthma' } });
    await make('coded', {
      resourceType: 'Condition',
      subject,
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '195967001' }], text: 'Asthma' },
      identifier: [{ system: 'urn:x', value: 'a|b,c$d\\e' }],
    });
    await make('gone', { resourceType: 'Condition', subject, code: { text: 'Removed' } });
    await asha.call('DELETE', `/fhir/R4/Condition/${ids['gone']}`);
    const patient = await asha.get(`/fhir/R4/Patient/${asha.patientId}`);
    const put = await asha.call('PUT', `/fhir/R4/Patient/${asha.patientId}`, {
      body: {
        ...patient.json<object>(),
        name: [{ text: 'Asha Rao', family: 'Rao', given: ['Aśa', 'Lakshmi'] }],
        birthDate: '1990-04-01',
        gender: 'female',
      },
    });
    assert.equal(put.status, 200, put.text);
    names.set(asha.patientId, 'asha');
  });
  after(() => server.stop());

  const place = (query: string) =>
    query.replace(/\{(\w[\w.]*)\}/g, (_, name: string) =>
      name === 'asha' ? asha.patientId : (ids[name] ?? '?'),
    );

  async function find(query: string): Promise<{ found: string[]; total: number | undefined }> {
    const answer = await asha.get(`/fhir/R4/${place(query)}`);
    assert.equal(answer.status, 200, `${query}: ${answer.text}`);
    const { type, total, entry = [] } = answer.json<BundleBody>();
    assert.equal(type, 'searchset');
    return { total, found: entry.map(({ resource }) => names.get(resource?.id ?? '') ?? '?') };
  }

  const table: [query: string, found: string][] = [
    // tokens
    ['Observation?code=29463-7', 'w155lb w70 w71.5'],
    [`Observation?code=${loinc}|29463-7`, 'w155lb w70 w71.5'],
    [`Observation?code=${loinc}|`, 'height w155lb w70 w71.5'],
    ['Observation?code=|x', 'local'],
    ['Observation?code=|29463-7', ''],
    ['Observation?code=29463-7,8302-2', 'height w155lb w70 w71.5'],
    ['Observation?code=29463-7&status=preliminary', ''],
    ['Observation?code:not=29463-7', 'height local'],
    ['Observation?status=preliminary', 'height'],
    ['Observation?status:not=final', 'height'],
    ['Observation?code=29463', ''],
    ['Condition?code=http://snomed.info/sct|195967001', 'coded'],
    ['Condition?code:missing=true', ''],
    ['Condition?code:missing=false', 'coded plain'],
    ['Condition?clinical-status:missing=true', 'plain'],
    ['Condition?code:text=asthma', 'coded plain'],
    ['Condition?code:text=sthma', ''],
    ['Condition?clinical-status=active', 'coded'],
    ['Condition?clinical-status:not=active', 'plain'],
    ['Condition?identifier=urn:x|a\\|b\\,c\\$d\\\\e', 'coded'],
    ['Condition', 'coded plain'],
    // strings
    ['Patient?name=asha', 'asha'],
    ['Patient?name=RAO', 'asha'],
    ['Patient?name=asa', 'asha'],
    ['Patient?name=lak', 'asha'],
    ['Patient?name=akshmi', ''],
    ['Patient?name:contains=akshmi', 'asha'],
    ['Patient?name:exact=Rao', 'asha'],
    ['Patient?name:exact=rao', ''],
    ['Patient?name:exact=Ra', ''],
    ['Patient?family=rao&given=lakshmi', 'asha'],
    ['Patient?family=lakshmi', ''],
    ['Patient?name=%25', ''],
    ['Patient?name=_sha', ''],
    ["Patient?name=' or 1=1 --", ''],
    ['Patient?gender=female&birthdate=1990-04-01', 'asha'],
    ['Patient?identifier=urn:medallion:uhid|{asha}', ''],
    // dates
    ['Observation?date=2025-03-01', 'w70'],
    ['Observation?date=2025-06-15', 'w71.5'],
    ['Observation?date=2025-06-15T08:30:00Z', 'w71.5'],
    ['Observation?date=2025', 'height w70 w71.5'],
    ['Observation?date=eq2025-06', 'w71.5'],
    ['Observation?date=ne2025', 'local w155lb'],
    ['Observation?date=gt2025-12-31', 'w155lb'],
    ['Observation?date=ge2025-06-15', 'height w155lb w71.5'],
    ['Observation?date=lt2025-03-01', 'height local'],
    ['Observation?date=le2024-12-31', 'local'],
    ['Observation?date=sa2025-06-15', 'w155lb'],
    ['Observation?date=eb2025-01-01', 'local'],
    ['Observation?date=ge2025-04-01&date=le2025-12-30', 'height w71.5'],
    ['Observation?_lastUpdated=gt2020', 'height local w155lb w70 w71.5'],
    ['Observation?_lastUpdated=lt2020', ''],
    // quantities
    ['Observation?value-quantity=70', 'w70'],
    ['Observation?value-quantity=71.5|http://unitsofmeasure.org|kg', 'w71.5'],
    ['Observation?value-quantity=gt71', 'height w155lb w71.5'],
    ['Observation?value-quantity=gt70|http://unitsofmeasure.org|kg', 'w71.5'],
    ['Observation?value-quantity=ge70||kg', 'w70 w71.5'],
    ['Observation?value-quantity=lt71.5|http://unitsofmeasure.org|kg', 'w70'],
    ['Observation?value-quantity=le71.5||kg', 'w70 w71.5'],
    ['Observation?value-quantity=72', 'w71.5'],
    ['Observation?value-quantity=71.50', 'w71.5'],
    ['Observation?value-quantity=71.0', ''],
    ['Observation?value-quantity=ne70', 'height w155lb w71.5'],
    ['Observation?value-quantity=7e1', 'w70 w71.5'],
    ['Observation?value-quantity:missing=true', 'local'],
    // references
    ['Observation?patient={asha}', 'height local w155lb w70 w71.5'],
    ['Observation?patient=Patient/{asha}&code=8302-2', 'height'],
    ['Observation?subject:Patient={asha}&code=8302-2', 'height'],
    ['Observation?has-member=Observation/{w70}', 'local'],
    ['Observation?has-member={w70}', 'local'],
    ['Observation?has-member={height}', ''],
    ['Observation?patient=nobody', ''],
    // ids and results
    ['Observation?_id={w70},{height}', 'height w70'],
    ['Observation?_id={gone}', ''],
    ['Condition?_id={gone}', ''],
    ['Observation?_tag=urn:medallion:author|patient&code=8302-2', 'height'],
    ['Observation?_tag=urn:medallion:author|professional', ''],
    ['Observation?patient.name=asha&code=8302-2', 'height'],
    ['Observation?subject:Patient.name=nobody', ''],
    ['Observation?patient:Patient._id={asha}&code=8302-2', 'height'],
    ['Observation?has-member.code=29463-7', 'local'],
    ['Observation?_has:Observation:has-member:code=x', 'w70'],
    ['Patient?_has:Observation:patient:code=8302-2', 'asha'],
    ['Patient?_has:Observation:patient:code=0', ''],
    ['Observation?code=29463-7&_format=json&_pretty=true', 'w155lb w70 w71.5'],
    ['Observation?code=a?b&status=final', ''],
  ];

  test('every row of the table finds exactly what it names', async () => {
    for (const [query, wanted] of table) {
      const { found, total } = await find(query);
      assert.equal(found.toSorted().join(' '), wanted, query);
      assert.equal(total, found.length, query);
    }
  });

  test('results come in the order that _sort asks for', async () => {
    const sorted: [string, string][] = [
      ['Observation?code=29463-7&_sort=date', 'w70 w71.5 w155lb'],
      ['Observation?code=29463-7&_sort=-date', 'w155lb w71.5 w70'],
      ['Observation?code=29463-7&_sort=value-quantity', 'w70 w71.5 w155lb'],
      ['Observation?_sort=code,-date', 'w155lb w71.5 w70 height local'],
      ['Observation?_sort=_lastUpdated', 'w70 w71.5 w155lb height local'],
      ['Observation?_sort=-_lastUpdated', 'local height w155lb w71.5 w70'],
    ];
    for (const [query, wanted] of sorted) assert.equal((await find(query)).found.join(' '), wanted, query);
  });

  test('pages follow each other without gap or repeat, and the count is that of all pages', async () => {
    const seen: string[] = [];
    for (let path: string | undefined = '/fhir/R4/Observation?_count=2&_sort=date'; path;) {
      const bundle: BundleBody = (await asha.get(path)).json<BundleBody>();
      assert.equal(bundle.total, 5);
      seen.push(...(bundle.entry ?? []).map(({ resource }) => names.get(resource?.id ?? '') ?? '?'));
      path = bundle.link?.find(({ relation }) => relation === 'next')?.url.slice(server.url.length);
    }
    assert.deepEqual(seen.toSorted(), ['height', 'local', 'w155lb', 'w70', 'w71.5']);
    assert.equal(seen.length, 5);
    for (const query of ['_count=0', '_summary=count'])
      assert.deepEqual(await find(`Observation?${query}`), { found: [], total: 5 }, query);
  });

  test('what is not understood is refused by name', async () => {
    const refused: [string, string][] = [
      ['Observation?colour=red', ''],
      ['Observation?Code=x', ''],
      ['Observation?patient.colour=x', 'patient'],
      ['Observation?subject:Organization.name=x', 'subject'],
      ['Observation?code.text=x', 'code'],
      ['Observation?_include=Observation:colour', '_include'],
      ['Observation?_revinclude=Observation:code', '_revinclude'],
      ['Observation?_revinclude=*', '_revinclude'],
      ['Observation?_has:Provenance:colour:agent=x', '_has'],
      ['Observation?_has:Encounter:patient:status=x', '_has'],
      ['Observation?_content=x', '_content'],
      ['Observation?_offset=5', ''],
      ['Observation?_filter=code eq x', '_filter'],
      ['Observation?_text=x', '_text'],
      ['Observation?_elements=Code', '_elements'],
      ['Observation?_summary=x', '_summary'],
      ['Observation?code:below=x', 'code'],
      ['Observation?code=', 'code'],
      ['Observation?code:missing=x', 'code'],
      ['Observation?date=yesterday', 'date'],
      ['Observation?date=2025-02-30', 'date'],
      ['Observation?date=xx2025', 'date'],
      ['Observation?value-quantity=heavy', 'value-quantity'],
      ['Observation?value-quantity=1e999', 'value-quantity'],
      ['Observation?patient=a b', 'patient'],
      ['Observation?_sort=colour', '_sort'],
      ['Observation?_sort=code;drop table resource', '_sort'],
      ['Observation?_sort=(select pg_sleep(9))', '_sort'],
      ['Observation?_count=-1', '_count'],
      ['Observation?_count=NaN', '_count'],
      ['Observation?_count=1&_count=2', '_count'],
      ['Observation?_page=x', '_page'],
      ['Observation?code=%00', ''],
      ['Observation?code=a\\b', 'code'],
      [`Observation?code=${Array.from({ length: 201 }, () => 'x').join(',')}`, 'code'],
      [`Observation?code=${'x'.repeat(9000)}`, 'code'],
      [`Observation?${Array.from({ length: 51 }, () => 'code=x').join('&')}`, ''],
    ];
    for (const [query, parameter] of refused) {
      const answer = await asha.get(`/fhir/R4/${query}`);
      const outcome = answer.json<OutcomeBody>();
      assert.equal(
        answer.status,
        400,
        `${query.slice(0, 80)}: ${answer.status} ${answer.text.slice(0, 300)}`,
      );
      assert.equal(outcome.resourceType, 'OperationOutcome');
      assert.equal(outcome.issue[0]?.expression?.[0], `http.${parameter || 'query'}`, query.slice(0, 80));
    }
  });

  test('a search that costs too much is refused by a stated limit', async () => {
    const queries = [
      `Observation?${Array.from({ length: 21 }, () => '_include=Observation:subject').join('&')}`,
      'Observation?subject.general-practitioner.general-practitioner.general-practitioner.name=x',
      'Observation?encounter.part-of.part-of.part-of.part-of.status=x',
      `Patient?${'_has:Observation:subject:encounter.'.repeat(1)}part-of.part-of.part-of.part-of.status=x`,
      `Observation?${Array.from({ length: 12 }, () => 'subject.name=x,y').join('&')}&performer.name=x&performer.name=y&performer.name=z`,
      `?_type=${['Observation', 'Condition', 'Encounter', 'Patient', 'List', 'Group', 'Device', 'Basic', 'Bundle', 'Claim', 'Consent', 'Contract', 'Coverage', 'Flag', 'Goal', 'Media', 'Slot', 'Task', 'Invoice', 'Library', 'Linkage'].join()}`,
    ];
    for (const query of queries) {
      const answer = await asha.get(`/fhir/R4/${query}`);
      assert.equal(answer.status, 400, `${query.slice(0, 100)}: ${answer.text.slice(0, 200)}`);
      assert.match(
        answer.json<OutcomeBody>().issue[0]?.code ?? '',
        /too-costly|not-supported/,
        query.slice(0, 100),
      );
    }
  });

  test('text meant to break out of a statement is only text, in every kind of parameter', async () => {
    const corpus = [
      "'",
      "''",
      '"',
      "';drop table resource;--",
      "' or '1'='1",
      '$1',
      '$$',
      '%',
      '_',
      '\\\\',
      '0x00',
      "'||pg_sleep(5)||'",
      '${1}',
      '{{1}}',
      '\u2019',
      '\uff07',
      '1;select 1',
      ')',
      '(',
      '/*',
      '--',
      'null',
      'NaN',
      'Infinity',
      "E'\\\\x41'",
      'ﷺ'.repeat(50),
      '%_'.repeat(100),
    ];
    const parameters = [
      'code',
      'status',
      'date',
      'value-quantity',
      'patient',
      'has-member',
      '_id',
      '_lastUpdated',
      '_tag',
      '_profile',
      'code:not',
      'code:missing',
      'identifier',
      '_sort',
      '_count',
      '_offset',
    ];
    for (const parameter of parameters)
      for (const text of corpus) {
        const answer = await asha.get(`/fhir/R4/Observation?${parameter}=${encodeURIComponent(text)}`);
        const what = `${parameter}=${text.slice(0, 30)}: ${answer.status}`;
        assert.ok(answer.status === 200 || answer.status === 400, what);
        if (answer.status !== 200 || parameter.endsWith(':not')) continue;
        assert.equal(answer.json<BundleBody>().total, 0, `${what} finds something`);
      }
    for (const text of corpus)
      for (const modifier of ['', ':exact', ':contains']) {
        const answer = await asha.get(`/fhir/R4/Patient?name${modifier}=${encodeURIComponent(text)}`);
        assert.ok(answer.status === 200 || answer.status === 400, `${modifier} ${text}: ${answer.status}`);
        if (answer.status === 200) assert.equal(answer.json<BundleBody>().total, 0, `${modifier} ${text}`);
      }
  });

  test('the entry of a search says what was asked without the values, and a digest of what was shown', async () => {
    await find('Observation?code=29463-7&date=ge2025&_sort=date');
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where patient_id = $1 order by entry_id desc limit 1`,
      [asha.patientId],
    );
    const statement = JSON.parse(rows[0]?.statement ?? '{}') as {
      event: string;
      query: string;
      shown: { count: number; digest: string };
    };
    assert.deepEqual(
      [statement.event, statement.query, statement.shown.count],
      ['search', 'Observation?code&date&_sort', 3],
    );
    assert.match(statement.shown.digest, /^[A-Za-z0-9+/]{43}=$/);
  });
});
