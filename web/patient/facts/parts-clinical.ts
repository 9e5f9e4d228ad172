// Parts of what ails and helps: allergies, conditions, medicines, disabilities, vaccinations, implants, measures.
import type { Frequency, Medicine, SectionId } from '../../../core/record/facts.ts';
import type { PartsOf, Say } from './part.ts';
import { part } from './part.ts';

type Clinical =
  | 'allergies'
  | 'conditions'
  | 'medicines'
  | 'disabilities'
  | 'vaccinations'
  | 'implants'
  | 'blood-group'
  | 'body'
  | 'pregnancy';

const since = (value: string | undefined, { t, date }: Say): string | undefined =>
  value === undefined ? undefined : t('fact.since', { date: date(value) });

export const clinicalParts: { readonly [Id in Clinical & SectionId]: PartsOf<Id> } = {
  allergies: (allergy, say) => [
    ...part('name', say.term('allergens', { text: allergy.substance, codes: allergy.codes })),
    ...part('reactions', allergy.reactions.map((one) => say.term('reactions', one)).join(', ')),
    ...part('severity', allergy.severity && say.t(`severity.${allergy.severity}`)),
    ...part('since', since(allergy.since, say)),
    ...part(
      'lastReaction',
      allergy.lastReaction && say.t('fact.lastReaction', { date: say.date(allergy.lastReaction) }),
    ),
    ...part('note', allergy.note, { own: true }),
  ],
  conditions: (condition, say) => [
    ...part('name', say.term('conditions', { text: condition.name, codes: condition.codes })),
    ...part('status', statusWords(condition.status, say)),
    ...part('severity', condition.severity && say.t(`severity.${condition.severity}`)),
    ...part('since', since(condition.since, say)),
    ...part('basis', condition.uncertain ? say.t('fact.uncertain') : undefined),
    ...part('note', condition.note, { own: true }),
  ],
  medicines: (medicine, say) => [
    ...part('name', say.term('medicines', { text: medicine.name, codes: medicine.codes })),
    ...part('dose', doseWords(medicine, say), { inTitle: medicine.dose !== undefined }),
    ...part('route', medicine.route && say.term('routes', medicine.route)),
    ...part('reason', medicine.reason && say.t('fact.for', { reason: medicine.reason })),
    ...part('basis', medicine.basis === 'prescribed' ? say.t('fact.prescribed') : undefined),
    ...part('since', since(medicine.since, say)),
    ...part('note', medicine.note, { own: true }),
  ],
  disabilities: (disability, say) => [
    ...part('name', say.term('disabilities', { text: disability.name, codes: disability.codes })),
    ...part('since', since(disability.since, say)),
    ...part('note', disability.note && say.t('fact.helps', { note: disability.note }), { own: true }),
  ],
  vaccinations: (vaccination, say) => [
    ...part('name', say.term('vaccines', { text: vaccination.vaccine, codes: vaccination.codes })),
    ...part('date', vaccination.date && say.date(vaccination.date)),
    ...part(
      'doseNumber',
      vaccination.doseNumber && say.t('fact.doseNumber', { number: vaccination.doseNumber }),
    ),
    ...part('lot', vaccination.lot && say.t('fact.lot', { lot: vaccination.lot })),
  ],
  implants: (implant, say) => [
    ...part('name', say.term('implants', { text: implant.kind, codes: implant.codes })),
    ...part('mri', say.t(`mri.${implant.mri}`)),
    ...part('since', since(implant.since, say)),
    ...part('model', implant.model),
    ...part('note', implant.note, { own: true }),
  ],
  'blood-group': (group, say) => [
    ...part(
      'group',
      group.abo === undefined || group.rhesus === undefined
        ? group.text
        : `${say.t(`blood.${group.rhesus}`, { abo: group.abo })} (${group.text})`,
    ),
    ...part('knownFrom', group.knownFrom && say.t(`knownFrom.${group.knownFrom}`)),
  ],
  body: (measure, say) => [...part(measure.kind, say.quantity(measure.value, measure.unit))],
  pregnancy: (pregnancy, say) => [
    ...part('state', say.t(`pregnancy.${pregnancy.state}`)),
    ...part('due', pregnancy.due && say.t('fact.due', { date: say.date(pregnancy.due) })),
  ],
};

function statusWords(status: string, { t }: Say): string | undefined {
  return status === 'recurrence' || status === 'relapse' || status === 'remission'
    ? t(`status.${status}`)
    : undefined;
}

/** "5 mg, once a day": the words of the source where there are some. */
export function doseWords(medicine: Medicine, say: Say): string | undefined {
  const { dose, frequency, doseText, asNeeded } = medicine;
  const amount = dose === undefined ? undefined : say.quantity(dose.value, unitWords(dose.unit ?? '', say));
  const often = frequency === undefined ? undefined : oftenWords(frequency, say);
  const needed = asNeeded ? say.t('often.needed') : undefined;
  const words = [amount, often, needed].filter((each) => each !== undefined);
  if (doseText !== undefined && (often === undefined || amount === undefined)) {
    // What the source wrote says it all, unless only the amount was written apart.
    return [amount !== undefined && !doseText.includes(amount) ? amount : undefined, doseText]
      .filter((each) => each !== undefined)
      .join(', ');
  }
  return words.length === 0 ? undefined : words.join(', ');
}

export const knownUnits = [
  'mg',
  'tablet',
  'capsule',
  'mL',
  'g',
  'ug',
  'unit',
  'drop',
  'puff',
  'teaspoon',
  'patch',
] as const;

export function unitWords(unit: string, { t }: Say): string {
  const known = knownUnits.find((each) => each === unit);
  return known === undefined ? unit : t(`unit.${known}`);
}

export const knownFrequencies = ['1-1-d', '2-1-d', '3-1-d', '4-1-d', '1-2-d', '1-1-wk', '1-1-mo'] as const;

export function frequencyKey({ times, period, unit }: Frequency): string {
  return `${times}-${period}-${unit}`;
}

export function oftenWords(frequency: Frequency, { t }: Say): string {
  const key = knownFrequencies.find((each) => each === frequencyKey(frequency));
  if (key !== undefined) return t(`often.${key}`);
  const { times, period, unit } = frequency;
  const words = { times, period, unit: t(`time.${unit}`) };
  return times === 1 ? t('often.once', words) : t('often.times', words);
}
