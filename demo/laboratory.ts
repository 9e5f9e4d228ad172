// Orders at the demo's laboratories, each walked through the real routes as far as it has come; and years of values before them.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../core/fhir/types.ts';
import { formUrl } from '../core/forms/form.ts';
import { orderCode, orderIdentifier } from '../core/record/order-code.ts';
import type { RequestContext } from '../server/fhir/asker.ts';
import type { Deps } from '../server/http/deps.ts';
import { findAccountByLogin } from '../server/storage/accounts.ts';
import { findLabOrder } from '../server/storage/lab-orders.ts';
import { findPerson } from '../server/storage/people.ts';
import { daysBefore, indianTime } from './calendar.ts';
import type { Identified } from './directory.ts';
import { organizationReference } from './directory.ts';
import { organizationOf } from './directory-list.ts';
import type { FilledPerson } from './fill.ts';
import { writeMissing } from './fill.ts';
import type { DemoOrder, DemoStep } from './laboratory-orders.ts';
import { demoOrders } from './laboratory-orders.ts';
import { results } from './measurements.ts';
import { panelOf } from './panels.ts';
import { chestPicture } from './picture.ts';
import { chanceOf, idOf } from './random.ts';
import type { Ask } from './signed-in.ts';

const agent = 'a program';

interface Walk {
  deps: Deps;
  staff: (login: string) => Promise<Ask>;
  doctorId: string;
  /** YYYY-MM-DD. */
  today: string;
}

export async function fillLaboratory(
  deps: Deps,
  staff: Walk['staff'],
  people: readonly FilledPerson[],
  today: string,
): Promise<void> {
  const meera = await findAccountByLogin(deps.db.pool, 'doctor@demo');
  if (!meera) throw new Error('the demo lost its doctor');
  const of = (key: string): FilledPerson => {
    const found = people.find(({ person }) => person.key === key);
    if (!found) throw new Error(`the demo has no ${key}`);
    return found;
  };
  await writeYears(deps, of('asha-rao'), today);
  const walk = { deps, staff, doctorId: meera.accountId, today };
  for (const one of demoOrders) await walkOrder(walk, one, of(one.person));
}

const idOfOrder = ({ key }: DemoOrder): string => idOf(`ServiceRequest/laboratory/${key}`);
/** Of the same order always the same. */
const numberOf = ({ key }: DemoOrder): string =>
  orderCode(createHash('sha256').update(`medallion-demo order ${key}`).digest());

async function walkOrder(walk: Walk, one: DemoOrder, whose: FilledPerson): Promise<void> {
  const { deps, doctorId, today } = walk;
  const { patientId } = whose;
  const id = idOfOrder(one);
  const who = { role: 'professional', account: doctorId, name: 'Dr Meera Iyer' } as const;
  const context: RequestContext = { asker: { kind: 'operator' }, who, author: 'professional', agent };
  await writeMissing(deps, context, [
    {
      resourceType: 'ServiceRequest',
      id,
      identifier: [orderIdentifier(numberOf(one))],
      status: 'active',
      intent: 'order',
      ...(one.urgent ? { priority: 'urgent' } : {}),
      code: {
        text: one.words,
        ...(one.codes.length > 0 ? { coding: one.codes.map((code) => ({ ...code })) } : {}),
      },
      subject: { reference: `Patient/${patientId}` },
      authoredOn: indianTime(daysBefore(today, 1), '11:40'),
      requester: { reference: `Practitioner/${idOf('Practitioner/meera-iyer')}`, display: who.name },
      ...(one.at === undefined ? {} : { performer: [organizationReference(one.at)] }),
    },
  ]);
  // Was stopped and taken up again: what a laboratory began stays as it is.
  if (one.at === undefined || (await findLabOrder(deps.db.pool, patientId, id))) return;
  await walkSteps(walk, one, whose);
}

/** In the order in which they come. */
const steps: readonly DemoStep[] = [
  'ordered',
  'accepted',
  'sampled',
  'entered',
  'signed',
  'acknowledged',
  'corrected',
];

async function walkSteps({ deps, staff, today }: Walk, one: DemoOrder, whose: FilledPerson): Promise<void> {
  const radiology = one.at === 'kaveri';
  const at = await staff(radiology ? 'radiology@demo' : 'lab@demo');
  const path = `/api/laboratory/orders/${idOfOrder(one)}`;
  const came = (step: DemoStep): boolean => steps.indexOf(one.step) >= steps.indexOf(step);
  const enter = (values: DemoOrder['values']) => at('PUT', `${path}/results`, draftOf(one, values));
  const acknowledge = async (signed: unknown, words: string): Promise<void> => {
    const doctor = await staff('doctor@demo');
    const { result } = signed as { result: string };
    await doctor('POST', `/api/results/tasks/${result}/acknowledge`, { words });
  };
  if (one.step === 'declined')
    await at('POST', `${path}/decline`, { reason: 'The analyser for it is under repair.' });
  if (one.step === 'cancelled') {
    await at('POST', `${path}/accept`);
    const doctor = await staff('doctor@demo');
    const cancel = `/api/orders/${idOfOrder(one)}/cancel?patient=${whose.patientId}`;
    await doctor('POST', cancel, { reason: 'Was measured last week elsewhere.' });
  }
  if (came('accepted')) await at('POST', `${path}/accept`);
  if (came('sampled') && !radiology) await at('POST', `${path}/sample`, { what: 'Venous blood' });
  if (one.pictures) await sendPicture(deps, at, one, whose, today);
  if (came('entered')) await enter(one.values);
  if (!came('signed')) return;
  const signed = await at('POST', `${path}/sign`);
  if (came('acknowledged')) await acknowledge(signed, 'Seen, told at the next visit.');
  if (came('corrected')) {
    await enter(one.corrected);
    await at('POST', `${path}/sign`);
  }
}

function draftOf({ form, ranges, conclusion }: DemoOrder, values: DemoOrder['values'] = {}): object {
  const words = conclusion === undefined ? {} : { conclusion };
  if (form === undefined) return words;
  const item = form.groups.flatMap((group) => {
    const answers = group.fields.flatMap(({ id }) =>
      values[id] === undefined ? [] : [{ linkId: id, answer: [{ valueDecimal: values[id] }] }],
    );
    return answers.length > 0 ? [{ linkId: group.id, item: answers }] : [];
  });
  const questionnaire = `${formUrl(form.id)}|${form.version}`;
  const response = { resourceType: 'QuestionnaireResponse', questionnaire, status: 'completed', item };
  return { form: form.id, response, ...(ranges === undefined ? {} : { ranges }), ...words };
}

/** As radiology sends it: by the number on the card, into a record that it does not see. */
async function sendPicture(
  deps: Deps,
  at: Ask,
  one: DemoOrder,
  { patientId, person }: FilledPerson,
  today: string,
): Promise<void> {
  const found = await findPerson(deps.db.pool, patientId);
  if (!found) throw new Error('the demo lost a person');
  const plain = (day: string): string => day.replaceAll('-', '');
  const picture = chestPicture({
    uhid: found.uhid,
    name: person.name.split(' ').toReversed().join('^'),
    birthDate: plain(person.birthDate),
    sex: person.sex === 'male' ? 'M' : 'F',
    accession: numberOf(one),
    day: plain(today),
    serial: Number(plain(today)),
  });
  const boundary = 'one-picture-of-the-demo';
  const body = Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    picture,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  await at('POST', `/dicom-web/studies?uhid=${found.uhid}`, body, {
    'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    accept: 'application/dicom+json',
  });
}

const firstDay = 600;
const lastDay = 2600;
const every = 200;

/** Twice a year for years before the record's other events: what a trend is seen in. */
async function writeYears(deps: Deps, { person, patientId }: FilledPerson, today: string): Promise<void> {
  const { name } = organizationOf('kaveri-diagnostics');
  const performer: JsonObject = organizationReference('kaveri-diagnostics');
  const chance = chanceOf(`years ${person.key}`);
  const made: Identified[] = [];
  for (let days = lastDay; days >= firstDay; days -= every)
    for (const panel of ['kidney', 'lipids', 'blood-count'] as const) {
      const how = {
        subject: { reference: `Patient/${patientId}` },
        at: indianTime(daysBefore(today, days), '08:10'),
        performer,
      };
      made.push(
        ...results(how, panelOf(panel), chance).map((resource, index) => ({
          ...resource,
          id: idOf(`Observation/years/${person.key}/${panel}/${days}/${index}`),
        })),
      );
    }
  const who = { role: 'organization', name } as const;
  const context: RequestContext = { asker: { kind: 'operator' }, who, author: 'organization', agent };
  await writeMissing(deps, context, made);
}
