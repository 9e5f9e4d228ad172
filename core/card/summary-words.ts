// Facts as messages: doses, ages, sources, silences. One place, so that page, print and card say the same.

import type {
  Condition,
  FactSource,
  Implant,
  Medicine,
  OrganDonorWish,
  PartialDate,
  Pregnancy,
} from '../record/facts.ts';
import type { Age } from './age.ts';
import type { Message, MessageKey, MessageParam } from './words/say.ts';

function message(key: MessageKey, params?: { readonly [name: string]: MessageParam }): Message {
  return params === undefined ? { key } : { key, params };
}

/** Dose and timing: the words of the source, else "5 mg, once a day"; undefined where neither is recorded. */
export function doseWords(medicine: Medicine): MessageParam | undefined {
  const parts: MessageParam[] = [];
  if (medicine.dose !== undefined && !isInName(medicine)) {
    const { value, unit } = medicine.dose;
    // A dose without a unit ("1") means one of whatever it is, which says nothing by itself.
    if (unit !== undefined) parts.push(`${value}\u00a0${unit}`);
  }
  const timing = medicine.frequency === undefined ? undefined : frequencyWords(medicine.frequency);
  if (medicine.doseText !== undefined) return medicine.doseText;
  if (timing !== undefined) parts.push(timing);
  if (medicine.asNeeded) parts.push(message('medicine.as-needed'));
  return parts.length === 0 ? undefined : parts;
}

function isInName(medicine: Medicine): boolean {
  if (medicine.dose === undefined) return false;
  const written = `${medicine.dose.value} ${medicine.dose.unit ?? ''}`.trim().toLowerCase();
  return medicine.name.toLowerCase().includes(written);
}

function frequencyWords(frequency: NonNullable<Medicine['frequency']>): Message | undefined {
  const { times, period, unit } = frequency;
  if (unit === 'd' && period === 1) {
    return times === 1 ? message('medicine.once-a-day') : message('medicine.times-a-day', { count: times });
  }
  if (unit === 'wk' && period === 1 && times === 1) return message('medicine.once-a-week');
  if (times === 1) return message('medicine.every', { count: period, unit: message(`unit.${unit}`) });
  return undefined;
}

/** Name of a medicine with its strength, as a heading: "Warfarin 5 mg". */
export function medicineHeading(medicine: Medicine): Message {
  const name = { term: medicine.name, codes: medicine.codes, list: 'medicines', withLatin: true } as const;
  const { dose } = medicine;
  if (dose?.unit === undefined || isInName(medicine)) return message('danger.thing', { thing: name });
  return message('medicine.name-dose', { name, dose: `${dose.value}\u00a0${dose.unit}` });
}

/** The lines under a medicine: timing, reason, since when. */
export function medicineDetail(medicine: Medicine): readonly Message[] {
  const timing =
    medicine.doseText ?? (medicine.frequency === undefined ? undefined : frequencyWords(medicine.frequency));
  const since = medicine.since === undefined ? undefined : { date: medicine.since };
  return [
    timing === undefined ? undefined : message('danger.list', { items: timing }),
    medicine.asNeeded ? message('medicine.as-needed') : undefined,
    medicine.reason === undefined ? undefined : message('medicine.for', { reason: medicine.reason }),
    since === undefined
      ? undefined
      : message(medicine.basis === 'prescribed' ? 'medicine.prescribed' : 'medicine.since', { date: since }),
  ].filter((one) => one !== undefined);
}

export function conditionDetail(condition: Condition): readonly Message[] {
  return [
    condition.severity === undefined ? undefined : message(`condition.severity.${condition.severity}`),
    condition.since === undefined
      ? undefined
      : message('condition.since', { date: { date: condition.since } }),
    condition.status === 'remission' ? message('condition.remission') : undefined,
    condition.uncertain ? message('condition.uncertain') : undefined,
  ].filter((one) => one !== undefined);
}

export function implantDetail(implant: Implant): readonly Message[] {
  const since =
    implant.since === undefined ? [] : [message('implant.since', { date: { date: implant.since } })];
  return [...since, message(`implant.mri.${implant.mri}`)];
}

export function ageWords(age: Age): Message {
  const { value, unit, about } = age;
  const key = {
    years: ['who.year', 'who.years'],
    months: ['who.month', 'who.months'],
    days: ['who.day', 'who.days'],
  } as const;
  const words = value === 1 ? message(key[unit][0]) : message(key[unit][1], { count: value });
  return about ? message('who.about', { age: words }) : words;
}

/** Who says so, in words, with the date: for directly under a fact. Never makes a self-report look checked. */
export function sourceWords(source: FactSource): readonly Message[] {
  const { kind, who, date } = source;
  const dated = date === undefined ? undefined : { date };
  const attributed = [
    ...(source.attributedTo === undefined
      ? []
      : [message('source.attributed', { who: source.attributedTo })]),
    ...(source.joinedOn === undefined ? [] : [message('source.joined', { date: { date: source.joinedOn } })]),
  ];
  if (who !== undefined && dated !== undefined)
    return [message(`source.${kind}`, { who, date: dated }), ...attributed];
  if (who !== undefined) return [message(`source.${kind}-undated`, { who }), ...attributed];
  if (dated !== undefined) return [message(`source.${kind}-unnamed`, { date: dated }), ...attributed];
  return [message(`source.${kind}-nobody`), ...attributed];
}

/** "Asked by Dr Iyer, 18 Nov 2026.": for under a "none known". */
export function askedWords(source: FactSource): Message | undefined {
  const { who, date } = source;
  if (who !== undefined && date !== undefined) return message('source.asked', { who, date: { date } });
  if (who !== undefined) return message('source.asked-undated', { who });
  return date === undefined ? undefined : message('source.asked-unnamed', { date: { date } });
}

export type Silence = 'none-known' | 'not-recorded' | 'withheld' | 'needs-code';

/** `holder`: the name to say who keeps it private; absent where even the name is withheld. */
export function silenceWords(state: Silence, holder?: string): Message {
  if (state === 'withheld' && holder !== undefined) return message('silence.withheld-by', { name: holder });
  return message(`silence.${state}`);
}

export function pregnancyWords(pregnancy: Pregnancy, current: boolean): Message {
  const date = pregnancy.date === undefined ? undefined : { date: pregnancy.date };
  switch (pregnancy.state) {
    case 'pregnant':
      if (!current && date !== undefined) return message('pregnancy.past', { date });
      return pregnancy.due === undefined
        ? message('pregnancy.pregnant')
        : message('pregnancy.due', { date: { date: pregnancy.due } });
    case 'not-pregnant':
      return date === undefined
        ? message('pregnancy.not-pregnant-undated')
        : message('pregnancy.not-pregnant', { date });
    case 'possible':
      return message('pregnancy.possible');
    case 'unknown':
    default:
      return message('pregnancy.unknown');
  }
}

export function donorWords(wish: OrganDonorWish): Message {
  if (wish.answer !== 'some') return message(`donor.${wish.answer}`);
  return message('donor.some', {
    organs: wish.organs.map((organ) => ({ term: organ.text, codes: organ.codes, list: 'organs' as const })),
  });
}

export function measureWords(value: number, unit: string, date: PartialDate | undefined): Message {
  return date === undefined
    ? message('body.value', { value, unit })
    : message('body.on', { value, unit, date: { date } });
}
