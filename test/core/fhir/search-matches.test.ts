// What a search means, row by row: modifiers, prefixes, precision, escapes. Answered in memory; test/server/search-corpus.test.ts
// holds that the database answers alike.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceTypes } from '../../../core/fhir/resource-types.ts';
import { stringTag } from '../../../core/fhir/search-keys.ts';
import { matches, NeedsOtherResourcesError } from '../../../core/fhir/search-matches.ts';
import { searchParametersOf } from '../../../core/fhir/search-parameters.ts';
import { parseSearch, SearchError } from '../../../core/fhir/search-query.ts';
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';

const ownBase = 'https://health.example/fhir/R4';
const nowMs = Date.UTC(2026, 0, 1);
const read = (value: object): Resource => parseJson(JSON.stringify(value)) as Resource;

function holds(resource: object, query: string): boolean {
  const parsed = read(resource);
  const pairs = [...new URLSearchParams(query)];
  return matches(parsed, parseSearch(parsed.resourceType, pairs, { nowMs, ownBase }), ownBase);
}

/** Each row: a question, and whether the resource answers it. */
function check(resource: object, rows: readonly (readonly [query: string, wanted: boolean])[]): void {
  for (const [query, wanted] of rows) assert.equal(holds(resource, query), wanted, query);
}

const yes = (query: string) => [query, true] as const;
const no = (query: string) => [query, false] as const;

test('tokens: any system, one, none, any code of one; not, text, of-type', () => {
  const patient = {
    resourceType: 'Patient',
    gender: 'female',
    active: true,
    identifier: [
      {
        system: 'urn:a',
        value: '1|2',
        type: { coding: [{ system: 'urn:t', code: 'MR' }], text: 'Médical record' },
      },
      { value: 'bare' },
    ],
    telecom: [
      { system: 'phone', value: '+91 1' },
      { system: 'email', value: 'a@b.c' },
    ],
  };
  check(patient, [
    yes('gender=female'),
    no('gender=Female'),
    no('gender=fem'),
    yes('gender=male,female'),
    yes('gender:not=male'),
    no('gender:not=male,female'),
    yes('active=true'),
    no('active=false'),
    yes('identifier=1\\|2'),
    yes('identifier=urn:a|1\\|2'),
    no('identifier=urn:b|1\\|2'),
    yes('identifier=urn:a|'),
    no('identifier=urn:b|'),
    yes('identifier=|bare'),
    no('identifier=|1\\|2'),
    no('identifier=urn:a|bare'),
    yes('identifier:of-type=urn:t|MR|1\\|2'),
    no('identifier:of-type=urn:t|SS|1\\|2'),
    no('identifier:of-type=urn:t|MR|bare'),
    yes('identifier:text=medical'),
    no('identifier:text=record'),
    yes('phone=%2B91 1'),
    no('phone=a@b.c'),
    yes('email=a@b.c'),
    yes('telecom=a@b.c'),
    yes('telecom=%2B91 1'),
    yes('deceased=false'),
    no('deceased=true'),
    no('deceased:missing=true'),
    yes('general-practitioner:missing=true'),
    no('gender:missing=true'),
    yes('gender:missing=false'),
  ]);
  check({ resourceType: 'Patient', deceasedDateTime: '2020' }, [
    yes('deceased=true'),
    no('deceased=false'),
    yes('gender:not=male'),
  ]);
  check({ resourceType: 'Patient', deceasedBoolean: false }, [yes('deceased=false')]);
});

test('strings: beginnings of any part, without case and accents; exact, contains; names by sound', () => {
  const patient = {
    resourceType: 'Patient',
    name: [{ family: 'Muñoz de la Cruz', given: ['Ana', 'María'] }],
    address: [{ city: 'São  Paulo', line: ['12, High Street'] }],
  };
  check(patient, [
    yes('name=munoz'),
    yes('name=MUÑ'),
    yes('family=muñoz de'),
    no('name=cruz'),
    yes('name:contains=CRUZ'),
    no('given=munoz'),
    yes('given=maria'),
    yes('name:exact=Ana'),
    no('name:exact=ana'),
    no('name:exact=An'),
    yes('name:exact=María'),
    no('name:exact=Maria'),
    yes('address=sao paulo'),
    yes('address-city=são'),
    no('address-city=12'),
    yes('address=12\\, high'),
    no('address-country=sao'),
    yes('name=ana&name=maria'),
    no('name=ana&name=eva'),
    yes('name=eva,ana'),
    yes('phonetic=munos'),
    yes('phonetic=Anna'),
    yes('phonetic=Anna Munos'),
    no('phonetic=Peter'),
    no('phonetic=Anna Peter'),
    no('name=%25'),
    no('name=_na'),
  ]);
  check({ resourceType: 'Patient', name: [{ text: 'आशा राव' }] }, [
    yes('name=आशा'),
    no('name=आश राव'),
    yes('name:exact=आशा राव'),
  ]);
});

test('dates: the span asked for holds, overlaps, precedes or follows the span that is stored, by each prefix', () => {
  const at = (effectiveDateTime: string) => ({ resourceType: 'Observation', effectiveDateTime });
  check(at('2025-06-15'), [
    yes('date=2025-06-15'),
    yes('date=2025-06'),
    yes('date=2025'),
    no('date=2025-06-15T00:00:00Z'),
    no('date=2025-06-14'),
    yes('date=ne2025-06-14'),
    no('date=ne2025'),
    yes('date=ge2025-06-15'),
    yes('date=le2025-06-15'),
    no('date=gt2025-06-15'),
    no('date=lt2025-06-15'),
    yes('date=gt2025-06-15T12:00:00Z'),
    yes('date=lt2025-06-15T12:00:00Z'),
    yes('date=sa2025-06-14'),
    no('date=sa2025-06-15'),
    yes('date=eb2025-06-16'),
    no('date=eb2025-06-15'),
    yes('date=ge2025-01&date=le2025-12'),
  ]);
  check(at('2025-06-15T23:30:00-02:00'), [
    yes('date=2025-06-16'),
    no('date=2025-06-15'),
    yes('date=2025-06-16T01:30:00Z'),
    yes('date=2025-06-16T03:30:00%2B02:00'),
    yes('date=2025-06-16T03:30:00+02:00'),
  ]);
  check(at('2024-02-29'), [yes('date=2024-02'), no('date=2024-03'), yes('date=sa2024-02-28')]);
  check(at('2025-12-01'), [yes('date=ap2025-12-03'), yes('date=ap2025-11-29'), no('date=ap2025-11-20')]);
  check({ resourceType: 'Observation', effectivePeriod: { start: '2025-03-01' } }, [
    yes('date=ge2025-03-01'),
    yes('date=gt2099'),
    no('date=2025'),
    no('date=eb2025-03-01'),
    yes('date=eq2025,gt2030'),
    no('date=lt2025-03-01'),
  ]);
  check({ resourceType: 'Observation', effectivePeriod: { start: '2025-03-01', end: '2025-03-10' } }, [
    yes('date=2025-03'),
    no('date=2025-03-05'),
    yes('date=ne2025-03-05'),
    yes('date=gt2025-03-05'),
    yes('date=lt2025-03-05'),
    no('date=ge2025-03-15'),
    no('date=sa2025-03-05'),
  ]);
  check(at('2026-03-01'), [yes('date=2026-03-01')]);
  check({ resourceType: 'Patient', birthDate: '1980-05' }, [
    yes('birthdate=1980'),
    no('birthdate=1980-05-01'),
    yes('birthdate=1980-05'),
    yes('birthdate=ge1980-05-01'),
  ]);
  check({ resourceType: 'Patient', birthDate: '1980-05-07' }, [
    yes('birthdate=1980-05-07'),
    no('birthdate=1980-05-08'),
    yes('birthdate=eq1980-05-07'),
  ]);
});

test('numbers and quantities: the precision that is written counts, for eq and ne; units by code, by what is shown, by system', () => {
  const weight = (value: number, more: object = {}) => ({
    resourceType: 'Observation',
    valueQuantity: { value, unit: 'kilo', system: 'urn:u', code: 'kg', ...more },
  });
  check(weight(5.35), [
    yes('value-quantity=5.4'),
    no('value-quantity=5.3'),
    yes('value-quantity=5.35'),
    no('value-quantity=5.40'),
    yes('value-quantity=5'),
  ]);
  check(weight(5.45), [no('value-quantity=5.4'), yes('value-quantity=5.5'), yes('value-quantity=ne5.4')]);
  check(weight(100), [
    yes('value-quantity=100'),
    yes('value-quantity=1e2'),
    no('value-quantity=101'),
    yes('value-quantity=ap95'),
    no('value-quantity=ap80'),
  ]);
  check(weight(99.5), [yes('value-quantity=100')]);
  check(weight(100.5), [no('value-quantity=100')]);
  check(weight(-3), [
    yes('value-quantity=-3'),
    yes('value-quantity=lt0'),
    no('value-quantity=gt0'),
    yes('value-quantity=ap-3.1'),
  ]);
  check(weight(70), [
    yes('value-quantity=70||kg'),
    yes('value-quantity=70||kilo'),
    yes('value-quantity=70|urn:u|kg'),
    no('value-quantity=70|urn:x|kg'),
    no('value-quantity=70|urn:u|kilo'),
    no('value-quantity=70||g'),
    yes('value-quantity=ge70'),
    no('value-quantity=gt70'),
    yes('value-quantity=sa69'),
    yes('value-quantity=eb71'),
    yes('value-quantity=le70'),
    no('value-quantity=lt70'),
  ]);
  check(weight(5, { comparator: '<' }), [
    yes('value-quantity=lt5'),
    no('value-quantity=5'),
    no('value-quantity=gt5'),
    yes('value-quantity=le5'),
  ]);
  check({ resourceType: 'RiskAssessment', prediction: [{ probabilityDecimal: 0.25 }] }, [
    yes('probability=0.25'),
    yes('probability=gt0.2'),
    no('probability=lt0.2'),
  ]);
  const bill = { resourceType: 'Invoice', totalGross: { value: 40.22, currency: 'EUR' } };
  check(bill, [
    yes('totalgross=40.22|urn:iso:std:iso:4217|EUR'),
    yes('totalgross=gt40||EUR'),
    no('totalgross=40.22||USD'),
  ]);
});

test('references: an id, a type and id, the own base, another server, by identifier; canonicals with and without version', () => {
  const observation = {
    resourceType: 'Observation',
    subject: { reference: 'Patient/p1' },
    performer: [
      { reference: 'https://other.example/fhir/Practitioner/9' },
      { identifier: { system: 'urn:n', value: '77' } },
    ],
    encounter: { reference: `${ownBase}/Encounter/e1` },
  };
  check(observation, [
    yes('subject=p1'),
    yes('subject=Patient/p1'),
    yes(`subject=${ownBase}/Patient/p1`),
    no('subject=Group/p1'),
    yes('subject:Patient=p1'),
    no('subject:Group=p1'),
    yes('patient=p1'),
    no('patient=p2'),
    yes('encounter=e1'),
    yes('performer=https://other.example/fhir/Practitioner/9'),
    no('performer=Practitioner/9'),
    yes('performer:identifier=urn:n|77'),
    yes('performer:identifier=77'),
    no('performer:identifier=urn:x|77'),
    no('subject:identifier=77'),
    no('patient:missing=true'),
    yes('specimen:missing=true'),
  ]);
  check({ resourceType: 'Observation', subject: { reference: 'Group/g' } }, [
    yes('patient:missing=true'),
    no('subject:missing=true'),
    yes('subject=g'),
    no('patient=g'),
  ]);
  const filled = { resourceType: 'QuestionnaireResponse', questionnaire: 'http://x.example/q|2' };
  check(filled, [
    yes('questionnaire=http://x.example/q'),
    yes('questionnaire=http://x.example/q|2'),
    no('questionnaire=http://x.example/q|3'),
  ]);
});

test('uris: as a whole, above and below by steps of the path', () => {
  check({ resourceType: 'ValueSet', url: 'http://x.example/a/b' }, [
    yes('url=http://x.example/a/b'),
    no('url=http://x.example/a'),
    yes('url:below=http://x.example/a'),
    no('url:below=http://x.example/a/bc'),
    yes('url:below=http://x.example/a/b'),
    yes('url:above=http://x.example/a/b/c'),
    no('url:above=http://x.example/a'),
    yes('url:above=http://x.example/a/b'),
  ]);
});

test('composites: in one element where elements repeat, in one resource otherwise', () => {
  const pressure = {
    resourceType: 'Observation',
    code: { coding: [{ system: 'urn:l', code: 'bp' }] },
    component: [
      {
        code: { coding: [{ system: 'urn:l', code: 'sys' }] },
        valueQuantity: { value: 120, code: 'mm', system: 'urn:u' },
      },
      {
        code: { coding: [{ system: 'urn:l', code: 'dia' }] },
        valueQuantity: { value: 80, code: 'mm', system: 'urn:u' },
      },
    ],
  };
  check(pressure, [
    yes('component-code-value-quantity=sys$120'),
    no('component-code-value-quantity=sys$80'),
    yes('component-code-value-quantity=urn:l|dia$lt90|urn:u|mm'),
    no('component-code-value-quantity=urn:x|dia$lt90'),
    no('code-value-quantity=bp$120'),
    yes('combo-code-value-quantity=dia$80'),
    no('combo-code-value-quantity=bp$80'),
  ]);
  const pulse = {
    resourceType: 'Observation',
    code: { coding: [{ code: 'hr' }] },
    valueQuantity: { value: 60 },
  };
  check(pulse, [
    yes('code-value-quantity=hr$60'),
    no('code-value-quantity=hr$61'),
    yes('combo-code-value-quantity=hr$ge60'),
    no('component-code-value-quantity=hr$60'),
  ]);
});

test('what is not understood is refused by name and by reason', () => {
  const refused: [query: string, code: SearchError['code'], parameter: string][] = [
    ['code:exact=x', 'search-modifier-not-supported', 'code'],
    ['code:below=x', 'search-modifier-not-supported', 'code'],
    ['value-string:not=x', 'search-modifier-not-supported', 'value-string'],
    ['date:contains=2025', 'search-modifier-not-supported', 'date'],
    ['subject:above=x', 'search-modifier-not-supported', 'subject'],
    ['subject:Practitioner=x', 'search-modifier-not-supported', 'subject'],
    ['code-value-quantity:missing=true', 'search-modifier-not-supported', 'code-value-quantity'],
    ['code-value-quantity=x', 'search-value-invalid', 'code-value-quantity'],
    ['code-value-quantity=x$1$2', 'search-value-invalid', 'code-value-quantity'],
    ['component-code-value-quantity=urn:l|$1', 'search-value-invalid', 'component-code-value-quantity'],
    ['code=a|b|c', 'search-value-invalid', 'code'],
    ['code=|', 'search-value-empty', 'code'],
    ['code=a,,b', 'search-value-empty', 'code'],
    ['date=2025-13', 'search-value-invalid', 'date'],
    ['date=zz2025', 'search-value-invalid', 'date'],
    ['value-quantity=1|x', 'search-value-invalid', 'value-quantity'],
    ['value-quantity=gtgt1', 'search-value-invalid', 'value-quantity'],
    ['_lastUpdated:missing=true', 'search-modifier-not-supported', '_lastUpdated'],
    ['_text=x', 'search-parameter-not-supported', '_text'],
    ['_contained=true', 'search-parameter-not-supported', '_contained'],
    ['_summary=maybe', 'search-value-invalid', '_summary'],
    ['_total=some', 'search-value-invalid', '_total'],
    ['__proto__=x', 'search-parameter-unknown', ''],
    ['constructor=x', 'search-parameter-unknown', ''],
  ];
  for (const [query, code, parameter] of refused)
    assert.throws(
      () => parseSearch('Observation', [...new URLSearchParams(query)], { nowMs }),
      (error) => error instanceof SearchError && error.code === code && error.parameter === parameter,
      query,
    );
});

test('a chain cannot be answered from one resource alone, and says so', () => {
  assert.throws(
    () => holds({ resourceType: 'Observation' }, 'subject:Patient.name=x'),
    NeedsOtherResourcesError,
  );
});

test('no two paths of a type share a tag, and the bits of its parameters fit', () => {
  for (const type of resourceTypes) {
    const byTag = new Map<string, string>();
    for (const { paths, kind, bit } of searchParametersOf(type).values()) {
      assert.ok(bit < 52, type);
      for (const path of paths)
        for (const use of kind === 'string'
          ? (['value'] as const)
          : kind === 'token'
            ? (['display'] as const)
            : []) {
          const tag = stringTag(path, use);
          const name = `${path.text} ${use}`;
          assert.equal(byTag.get(tag) ?? name, name, `${type}: ${tag}`);
          byTag.set(tag, name);
        }
    }
  }
});
