// Search over HTTP beyond plain filters: pages, what comes along, other ways in, and what a program sees that may search everybody.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { importDirectory } from '../harness/directory.ts';
import { type Program, program } from '../harness/program.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Entry {
  fullUrl?: string;
  resource: { resourceType: string; id: string; issue?: { code: string; expression?: string[] }[] };
  search: { mode: string };
}
interface Found {
  total?: number;
  link: { relation: string; url: string }[];
  entry?: Entry[];
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('search over HTTP', () => {
  let server: TestServer;
  let asha: Person;
  let ravi: Person;
  let partner: Program;
  const ids: Record<string, string> = {};

  before(async () => {
    server = await startServer();
    await importDirectory(server.deps, [
      {
        resourceType: 'Organization',
        id: 'city-hospital',
        name: 'City Hospital',
        identifier: [{ system: 'urn:org', value: '7' }],
      },
      {
        resourceType: 'Organization',
        id: 'ward',
        name: 'Ward 3',
        partOf: { reference: 'Organization/city-hospital' },
      },
      { resourceType: 'Practitioner', id: 'dr-mehta', name: [{ family: 'Mehta', given: ['Śānti'] }] },
      {
        resourceType: 'PractitionerRole',
        id: 'role',
        practitioner: { reference: 'Practitioner/dr-mehta' },
        organization: { reference: 'Organization/ward' },
      },
      {
        resourceType: 'Location',
        id: 'delhi',
        name: 'Delhi',
        position: { latitude: 28.61, longitude: 77.2 },
      },
      {
        resourceType: 'Location',
        id: 'gurgaon',
        name: 'Gurgaon',
        position: { latitude: 28.46, longitude: 77.03 },
      },
      {
        resourceType: 'Location',
        id: 'dateline',
        name: 'Taveuni',
        position: { latitude: -16.8, longitude: 179.99 },
      },
    ]);
    asha = await signUp(server.url, { name: 'Asha Rao' });
    ravi = await signUp(server.url, { name: 'Ravi Das' });
    partner = await program(server);
    for (const [name, person] of [
      ['asha', asha],
      ['ravi', ravi],
    ] as const) {
      const subject = { reference: `Patient/${person.patientId}` };
      const make = async (key: string, resource: Record<string, unknown>) => {
        ids[`${name}-${key}`] = (await person.create(resource)).id;
      };
      await make('visit', {
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject,
        participant: [{ individual: { reference: 'Practitioner/dr-mehta' } }],
      });
      for (const i of [1, 2, 3, 4, 5])
        await make(`weight${i}`, {
          resourceType: 'Observation',
          status: 'final',
          code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
          subject,
          encounter: { reference: `Encounter/${ids[`${name}-visit`]}` },
          performer: [{ reference: 'Practitioner/dr-mehta' }],
          // The last two are of one day: only the id tells their order.
          effectiveDateTime: `2025-01-0${Math.min(i, 4)}`,
          valueQuantity: { value: 60 + i, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
        });
      await make('asthma', {
        resourceType: 'Condition',
        subject,
        encounter: { reference: `Encounter/${ids[`${name}-visit`]}` },
        code: { coding: [{ system: 'http://snomed.info/sct', code: '195967001' }] },
      });
      await make('list', {
        resourceType: 'List',
        status: 'current',
        mode: 'working',
        subject,
        entry: [
          { item: { reference: `Condition/${ids[`${name}-asthma`]}` } },
          { item: { reference: `Observation/${ids[`${name}-weight1`]}` } },
        ],
      });
    }
  });
  after(() => server.stop());

  const base = () => `${server.url}/fhir/R4`;
  const place = (path: string) =>
    path.replace(/\{([\w-]+)\}/g, (_, name: string) =>
      name === 'asha' ? asha.patientId : name === 'ravi' ? ravi.patientId : (ids[name] ?? '?'),
    );
  const nameOf = (id: string) =>
    Object.keys(ids).find((name) => ids[name] === id) ??
    (id === asha.patientId ? 'asha' : id === ravi.patientId ? 'ravi' : id);

  function read(answer: Answer): Found {
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Found>();
  }
  async function find(
    who: Person | Program,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Found> {
    return read(await who.get(`/fhir/R4/${place(path)}`, headers));
  }
  const namesOf = ({ entry = [] }: Found, mode = 'match') =>
    entry
      .filter(({ search }) => search.mode === mode)
      .map(({ resource }) => nameOf(resource.id))
      .toSorted()
      .join(' ');
  const linkOf = ({ link }: Found, relation: string) => link.find((one) => one.relation === relation)?.url;

  async function pages(who: Person | Program, path: string): Promise<{ names: string[]; pages: Found[] }> {
    const all: Found[] = [];
    for (let next: string | undefined = `/fhir/R4/${place(path)}`; next !== undefined;) {
      const page = read(await who.get(next));
      all.push(page);
      assert.ok(all.length < 30, 'pages end');
      next = linkOf(page, 'next')?.slice(server.url.length);
    }
    return {
      pages: all,
      names: all.flatMap(({ entry = [] }) => entry.map(({ resource }) => nameOf(resource.id))),
    };
  }

  test('pages: nothing twice, nothing left out, in the order asked for, with one total; for a person and for a program', async () => {
    for (const sort of [
      '',
      '&_sort=date',
      '&_sort=-date,value-quantity',
      '&_sort=value-quantity',
      '&_sort=-_lastUpdated',
      '&_sort=code,-_id',
      '&_sort=patient',
      '&_sort=value-string',
    ]) {
      const mine = await pages(asha, `Observation?_count=2${sort}`);
      assert.equal(
        mine.names.toSorted().join(' '),
        'asha-weight1 asha-weight2 asha-weight3 asha-weight4 asha-weight5',
        sort,
      );
      assert.deepEqual(
        mine.pages.map(({ total }) => total),
        [5, 5, 5],
      );
      assert.ok(mine.pages.every((page) => linkOf(page, 'first')));
      const all = await pages(partner, `Observation?_count=3${sort}`);
      assert.equal(new Set(all.names).size, 10, sort);
      assert.equal(all.names.length, 10, sort);
    }
    const sorted = await pages(partner, 'Observation?subject=Patient/{ravi}&_count=2&_sort=-value-quantity');
    assert.deepEqual(
      sorted.names,
      [5, 4, 3, 2, 1].map((i) => `ravi-weight${i}`),
    );
  });

  test('pages stay whole while others write: what was there from the first page on comes once', async () => {
    const first = await find(partner, 'Condition?_count=1&_sort=-_lastUpdated');
    const wanted = new Set(Object.keys(ids).filter((name) => name.endsWith('-asthma')));
    const added: string[] = [];
    const seen = (first.entry ?? []).map(({ resource }) => nameOf(resource.id));
    for (let next = linkOf(first, 'next'); next !== undefined;) {
      const { id } = await asha.create({
        resourceType: 'Condition',
        subject: { reference: `Patient/${asha.patientId}` },
        code: { text: 'new' },
      });
      added.push(id);
      const page = read(await partner.get(next.slice(server.url.length)));
      seen.push(...(page.entry ?? []).map(({ resource }) => nameOf(resource.id)));
      next = linkOf(page, 'next');
    }
    assert.deepEqual(seen.toSorted(), [...wanted].toSorted());
    for (const id of added) await asha.call('DELETE', `/fhir/R4/Condition/${id}`);
  });

  test('FHIR-07: a link to a page serves only who got it, as it was given', async () => {
    const next = linkOf(await find(asha, 'Observation?_count=2'), 'next')?.slice(server.url.length) ?? '';
    const theirs =
      linkOf(await find(partner, 'Observation?_count=2'), 'next')?.slice(server.url.length) ?? '';
    assert.ok(next && theirs);
    assert.ok(
      !Buffer.from(next.split('=')[1] ?? '', 'base64url')
        .toString('latin1')
        .includes(asha.patientId),
      'and says nothing',
    );
    const other = await program(server);
    const refused: [Person | Program, string][] = [
      [ravi, next],
      [partner, next],
      [asha, theirs],
      [other, theirs],
      [asha, next.replace('Observation', 'Condition')],
      [asha, `${next}&code=x`],
      [asha, `${next.slice(0, -3)}AAA`],
      [asha, next.slice(0, -20)],
      [asha, '/fhir/R4/Observation?_page='],
      [asha, `/fhir/R4/Observation?_page=${'A'.repeat(5000)}`],
    ];
    for (const [who, path] of refused) {
      const answer = await who.get(path);
      assert.equal(answer.status, 400, `${path}: ${answer.text}`);
      assert.equal(answer.json<OutcomeBody>().issue[0]?.expression?.[0], 'http._page');
    }
    assert.equal((await asha.get(next)).status, 200);
  });

  test('includes: what the hits name and what names them, in both directions, along what was included, each once', async () => {
    const table: [who: Person | Program, path: string, matches: string, included: string][] = [
      [asha, 'Observation?date=2025-01-01&_include=Observation:performer', 'asha-weight1', 'dr-mehta'],
      [asha, 'Observation?date=2025-01-01&_include=Observation:encounter', 'asha-weight1', 'asha-visit'],
      [asha, 'Observation?date=2025-01-01&_include=Observation:performer:Patient', 'asha-weight1', ''],
      [asha, 'Observation?date=2025-01-01&_include=Observation:subject:Patient', 'asha-weight1', 'asha'],
      [asha, 'Observation?date=2025-01-01&_include=Condition:subject', 'asha-weight1', ''],
      [asha, 'Observation?date=2025-01-01&_include=*', 'asha-weight1', 'asha asha-visit dr-mehta'],
      [
        asha,
        'Observation?date=2025-01-01&_include=Observation:*',
        'asha-weight1',
        'asha asha-visit dr-mehta',
      ],
      [asha, 'Encounter?_revinclude=Condition:encounter', 'asha-visit', 'asha-asthma'],
      [
        asha,
        'Encounter?_revinclude=Condition:encounter&_revinclude:iterate=List:item',
        'asha-visit',
        'asha-asthma asha-list',
      ],
      [
        asha,
        'Condition?_include=Condition:encounter&_include=Encounter:participant',
        'asha-asthma',
        'asha-visit',
      ],
      [
        asha,
        'Condition?_include=Condition:encounter&_include:iterate=Encounter:participant',
        'asha-asthma',
        'asha-visit dr-mehta',
      ],
      [
        partner,
        'PractitionerRole?_include=PractitionerRole:organization&_include:iterate=Organization:partof',
        'role',
        'city-hospital ward',
      ],
      [partner, 'Practitioner?_revinclude=Encounter:practitioner', 'dr-mehta', 'asha-visit ravi-visit'],
      [asha, 'Practitioner?_revinclude=Encounter:practitioner', 'dr-mehta', 'asha-visit'],
      [partner, 'Condition?subject=Patient/{ravi}&_include=Condition:subject', 'ravi-asthma', 'ravi'],
    ];
    for (const [who, path, matches, included] of table) {
      const found = await find(who, path);
      assert.equal(namesOf(found), matches, path);
      assert.equal(namesOf(found, 'include'), included, path);
      assert.equal(found.total, matches.split(' ').length, `${path}: what comes along is not counted`);
      const urls = (found.entry ?? []).map(({ fullUrl }) => fullUrl);
      assert.equal(new Set(urls).size, urls.length, path);
    }
  });

  test('FHIR-03, FHIR-04: chains, _has and _list stay within what the asker may see', async () => {
    const table: [who: Person | Program, path: string, found: string][] = [
      [partner, 'Condition?subject:Patient.name=ravi', 'ravi-asthma'],
      [partner, 'Condition?patient.name=asha%20r', 'asha-asthma'],
      [asha, 'Condition?patient.name=ravi', ''],
      [ravi, 'Condition?patient.name=ravi', 'ravi-asthma'],
      [partner, 'Condition?encounter.participant:Practitioner.family=mehta', 'asha-asthma ravi-asthma'],
      [asha, 'Condition?encounter.participant:Practitioner.family=mehta', 'asha-asthma'],
      [partner, 'Condition?encounter.participant:Practitioner.family=nobody', ''],
      [partner, 'Patient?_has:Condition:subject:code=195967001&name=asha', 'asha'],
      [partner, 'Patient?_has:Observation:subject:value-quantity=gt64', 'asha ravi'],
      [partner, 'Patient?_has:Observation:subject:value-quantity=gt65', ''],
      [
        partner,
        'Practitioner?_has:Encounter:practitioner:_has:Condition:encounter:code=195967001',
        'dr-mehta',
      ],
      [partner, 'Practitioner?_has:Encounter:practitioner:subject.name=asha', 'dr-mehta'],
      [asha, 'Practitioner?_has:Encounter:practitioner:subject.name=ravi', ''],
      [partner, 'PractitionerRole?practitioner.name=shanti', ''],
      [partner, 'PractitionerRole?practitioner.name=santi', 'role'],
      [partner, 'PractitionerRole?organization.partof.name=city', 'role'],
      [asha, 'Condition?_list={asha-list}', 'asha-asthma'],
      [asha, 'Observation?_list={asha-list}', 'asha-weight1'],
      [partner, 'Condition?_list={ravi-list}', 'ravi-asthma'],
      [ravi, 'Condition?_list={asha-list}', ''],
    ];
    for (const [who, path, found] of table) assert.equal(namesOf(await find(who, path)), found, path);
  });

  test('FHIR-14: other ways in: forms, several types, one person’s compartment', async () => {
    const post = async (who: Person | Program, path: string, body: string) =>
      read(await who.call('POST', `/fhir/R4/${place(path)}`, { body: place(body), headers: form }));
    assert.equal(namesOf(await post(asha, 'Observation/_search', 'date=2025-01-02')), 'asha-weight2');
    assert.equal(
      namesOf(await post(asha, 'Observation/_search?date=ge2025-01-02', 'date=le2025-01-03')),
      'asha-weight2 asha-weight3',
    );
    assert.equal(
      namesOf(await post(partner, '_search', '_type=Condition,Encounter&patient={ravi}')),
      'ravi-asthma ravi-visit',
    );
    assert.equal(namesOf(await post(partner, 'Patient/{ravi}/Condition/_search', '')), 'ravi-asthma');
    assert.equal(
      namesOf(await find(partner, '?_type=Condition,Encounter&patient={asha}')),
      'asha-asthma asha-visit',
    );
    assert.equal(namesOf(await find(asha, '?_type=Condition,List')), 'asha-asthma asha-list');
    assert.equal(
      namesOf(await find(asha, '?_id={asha-asthma},{ravi-asthma},dr-mehta')),
      'asha-asthma dr-mehta',
    );
    assert.equal(namesOf(await find(partner, 'Patient/{ravi}/Condition')), 'ravi-asthma');
    assert.equal(
      namesOf(await find(partner, 'Patient/{ravi}/Observation?value-quantity=lt62')),
      'ravi-weight1',
    );
    assert.equal((await find(partner, 'Patient/{ravi}/*')).total, 9);
    assert.equal((await find(asha, 'Patient/{ravi}/*')).total, 0);
    const { pages: all, names } = await pages(partner, 'Patient/{asha}/*?_count=4');
    assert.equal(all.length, 3);
    assert.equal(new Set(names).size, 9);
    const paged = await post(asha, 'Observation/_search', '_count=2&code=29463-7');
    const next = linkOf(paged, 'next')?.slice(server.url.length) ?? '';
    assert.ok(!next.includes('29463-7'), 'what a form kept out of addresses stays out');
    assert.equal(read(await asha.get(next)).entry?.length, 2);
    const xml = await asha.call('POST', '/fhir/R4/Observation/_search', {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(xml.status, 415);
  });

  test('near finds by distance on the globe, also over the date line', async () => {
    const table: [string, string][] = [
      ['28.61|77.20', 'delhi'],
      ['28.61|77.20|30|km', 'delhi gurgaon'],
      ['28.61|77.20|15000|m', 'delhi'],
      ['28.61|77.20|15|[mi_i]', 'delhi gurgaon'],
      ['28.61|77.20|0', 'delhi'],
      ['-16.8|-179.99|5|km', 'dateline'],
      ['-16.8|-179.99|2|km', ''],
    ];
    for (const [near, found] of table)
      assert.equal(namesOf(await find(asha, `Location?near=${encodeURIComponent(near)}`)), found, near);
    for (const near of [
      '91|0|1|km',
      '0|181|1|km',
      'x|0',
      '1',
      '1|2|-1|km',
      '1|2|3|parsec',
      '1|2|3|km|4',
      '|',
    ])
      assert.equal((await asha.get(`/fhir/R4/Location?near=${encodeURIComponent(near)}`)).status, 400, near);
  });

  test('an unknown parameter is an error, by default and when strict; a lenient search leaves it out and says so', async () => {
    for (const headers of [{}, { prefer: 'handling=strict' }] as Record<string, string>[]) {
      const answer = await asha.get('/fhir/R4/Observation?colour=red', headers);
      assert.equal(answer.status, 400);
      assert.equal(answer.json<OutcomeBody>().issue[0]?.code, 'not-supported');
    }
    const lenient = await find(asha, 'Observation?colour=red&date=2025-01-01&_text=x', {
      prefer: 'return=minimal, handling=lenient',
    });
    assert.equal(namesOf(lenient), 'asha-weight1');
    assert.equal(linkOf(lenient, 'self'), `${base()}/Observation?date=2025-01-01`);
    const outcome = lenient.entry?.at(-1);
    assert.equal(outcome?.search.mode, 'outcome');
    assert.deepEqual(
      outcome?.resource.issue?.map(({ expression }) => expression?.[0]),
      ['http.colour', 'http._text'],
    );
    // What is known but not understood is never left out.
    assert.equal(
      (await asha.get('/fhir/R4/Observation?date=never', { prefer: 'handling=lenient' })).status,
      400,
    );
  });

  test('_elements and _summary show less of each hit, and mark it', async () => {
    const less: [string, string][] = [
      ['_elements=code', 'code id meta resourceType status'],
      ['_elements=Observation.code', 'code id meta resourceType status'],
      ['_summary=text', 'code id meta resourceType status'],
    ];
    for (const [query, shown] of less) {
      const found = await find(asha, `Observation?date=2025-01-01&${query}`);
      const [entry] = found.entry ?? [];
      assert.equal(
        Object.keys(entry?.resource ?? {})
          .toSorted()
          .join(' '),
        shown,
        query,
      );
      assert.ok(JSON.stringify(entry?.resource).includes('SUBSETTED'), query);
    }
    const brief = await find(asha, 'Observation?date=2025-01-01&_summary=true');
    assert.ok(JSON.stringify(brief.entry?.[0]?.resource).includes('SUBSETTED'));
    const whole = await find(asha, 'Observation?date=2025-01-01&_summary=false');
    assert.ok(!JSON.stringify(whole.entry?.[0]?.resource).includes('SUBSETTED'));
  });

  test('codes by value set and by hierarchy', async () => {
    const set = encodeURIComponent('http://hl7.org/fhir/ValueSet/observation-status');
    assert.equal((await find(asha, `Observation?status:in=${set}`)).total, 5);
    assert.equal((await find(asha, `Observation?status:not-in=${set}`)).total, 0);
    assert.equal(
      (await find(asha, 'Observation?status:below=http://hl7.org/fhir/observation-status|final')).total,
      5,
    );
    assert.equal(
      (await find(asha, 'Observation?status:above=http://hl7.org/fhir/observation-status|final')).total,
      5,
    );
    for (const query of ['status:in=http://nowhere.example/set', 'status:below=final', 'status:in=x'])
      assert.ok([400, 404, 422].includes((await asha.get(`/fhir/R4/Observation?${query}`)).status), query);
  });

  test('every person of whom something is shown gets one entry, and the directory one', async () => {
    const count = async (patientId: string) => {
      const { rows } = await server.pool.query<{ statement: string }>(
        `select statement from entry where patient_id = $1 order by entry_id`,
        [patientId],
      );
      return rows.map(
        ({ statement }) =>
          JSON.parse(statement) as { event: string; shown?: { count: number }; query?: string },
      );
    };
    const before_ = await Promise.all([asha.patientId, ravi.patientId, ''].map(count));
    await find(partner, 'Condition?_include=Condition:encounter&_include:iterate=Encounter:participant');
    const after_ = await Promise.all([asha.patientId, ravi.patientId, ''].map(count));
    const added = after_.map((entries, i) => entries.slice(before_[i]?.length));
    assert.deepEqual(
      added.map((entries) => entries.map(({ event, shown }) => [event, shown?.count])),
      [[['search', 2]], [['search', 2]], [['search', 1]]],
    );
    assert.ok(added.flat().every(({ query }) => query === 'Condition?_include&_include:iterate'));
    await find(partner, 'Condition?code=nothing-has-this');
    assert.equal((await count('')).length, (after_[2]?.length ?? 0) + 1, 'nothing shown is a look too');
  });

  test('FHIR-02, FHIR-04: a program finds only types that its scope allows, also through chains and includes', async () => {
    const narrow = await program(server, 'system/Condition.rs system/Patient.rs');
    assert.equal((await narrow.get('/fhir/R4/Observation')).status, 403);
    assert.equal(namesOf(await find(narrow, 'Condition?patient.name=asha')), 'asha-asthma');
    assert.equal(namesOf(await find(narrow, 'Condition?encounter.status=finished')), '');
    const found = await find(narrow, 'Condition?_include=*&_revinclude=List:item');
    assert.equal(namesOf(found, 'include'), 'asha ravi');
  });
});
