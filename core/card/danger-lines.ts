// The danger block: what kills first stands first. One line a danger, each with its source.
// Works on what the scan may see and nothing else. What to do is said only where it is common ground of first aid.

import { allergens } from '../record/code-lists/allergens.ts';
import { findEntry } from '../record/code-lists/code-list.ts';
import { conditions } from '../record/code-lists/conditions.ts';
import { medicineClasses, medicineEntry, type MedicineClass } from '../record/code-lists/medicines.ts';
import type {
  Allergy,
  Condition,
  Fact,
  FactResource,
  FactSource,
  Implant,
  Medicine,
  PartialDate,
  SectionId,
} from '../record/facts.ts';
import { isLifeThreatening } from '../record/read-allergies.ts';
import { implantEntry } from '../record/read-implants.ts';
import { daysBetween } from './age.ts';
import { doseWords } from './summary-words.ts';
import type { VisibleFacts, VisibleSection } from './visible-facts.ts';
import type { Message, MessageKey, MessageParam, TermParam } from './words/say.ts';

export type DangerKind =
  | 'allergy'
  | 'airway'
  | 'bleeding'
  | 'insulin'
  | 'steroid'
  | 'implant'
  | 'directive'
  | 'pregnancy'
  | 'condition'
  | 'immune';

export type DangerLine = {
  readonly kind: DangerKind;
  /** For a page: "Penicillin allergy", "Takes warfarin". */
  readonly noun: Message;
  /** For print, without its verb: "Penicillin", "Warfarin". The printer makes capitals of it. */
  readonly shortNoun: Message;
  /** For print, one short line: "Anaphylaxis. Do not give." */
  readonly reason: readonly Message[];
  /** For a page: the reason with year or dose. */
  readonly detail: readonly Message[];
  readonly source: FactSource;
  readonly section: SectionId;
  readonly resources: readonly FactResource[];
};

type Ranked = DangerLine & { readonly rank: number };

function message(key: MessageKey, params?: { readonly [name: string]: MessageParam }): Message {
  return params === undefined ? { key } : { key, params };
}

/** All danger lines of what may be seen, the fastest killer first. `today`: YYYY-MM-DD. */
export function dangerLinesOf(seen: VisibleFacts, today: PartialDate): readonly DangerLine[] {
  const lines = [
    ...allergyLines(factsOf(seen.allergies)),
    ...medicineLines(seen),
    ...implantLines(factsOf(seen.implants)),
    ...directiveLines(seen),
    ...pregnancyLines(seen, today),
    ...conditionLines(seen),
  ];
  return lines
    .map((ranked, place) => ({ ranked, place }))
    .sort((a, b) => a.ranked.rank - b.ranked.rank || a.place - b.place)
    .map(({ ranked: { rank: _rank, ...shown } }) => shown);
}

export function factsOf<T>(section: VisibleSection<T>): readonly Fact<T>[] {
  return section.state === 'recorded' ? section.facts : [];
}

function line<T>(
  rank: number,
  kind: DangerKind,
  section: SectionId,
  facts: readonly [Fact<T>, ...Fact<T>[]],
  words: Pick<DangerLine, 'noun' | 'shortNoun' | 'reason' | 'detail'>,
): Ranked {
  // A line that joins several facts is only as sure as the least sure of them.
  const source = (facts.find((fact) => !fact.source.verified) ?? facts[0]).source;
  const resources = facts.map((fact) => fact.resource);
  const joined = facts.find((fact) => fact.source.joinedOn !== undefined)?.source.joinedOn;
  if (joined === undefined) return { rank, kind, section, source, resources, ...words };
  const reason = [...words.reason, message('danger.joined')];
  const detail = [...words.detail, message('source.joined', { date: { date: joined } })];
  return { rank, kind, section, source, resources, ...words, reason, detail };
}

function isLatex(allergy: Allergy): boolean {
  return findEntry(allergens, allergy.codes, allergy.substance)?.id === 'latex';
}

function isMedicine(allergy: Allergy): boolean {
  const entry = findEntry(allergens, allergy.codes, allergy.substance);
  return (entry?.category ?? allergy.category) === 'medication' || allergy.category === 'biologic';
}

function isRatedHarmless(allergy: Allergy): boolean {
  return allergy.criticality === 'low' || allergy.severity === 'mild';
}

function allergyLines(facts: readonly Fact<Allergy>[]): Ranked[] {
  const lines: Ranked[] = [];
  const others: Fact<Allergy>[] = [];
  for (const fact of facts) {
    const allergy = fact.value;
    const severe = isLifeThreatening(allergy);
    if (!severe && !isMedicine(allergy) && !isLatex(allergy) && isRatedHarmless(allergy)) others.push(fact);
    else lines.push(allergyLine(fact, severe ? 10 : isRatedHarmless(allergy) ? 80 : 40));
  }
  const [first, ...rest] = others;
  if (first !== undefined && rest.length === 0) lines.push(allergyLine(first, 90));
  else if (first !== undefined) lines.push(otherAllergiesLine([first, ...rest], lines.length > 0));
  return lines;
}

function substanceTerm(allergy: Allergy): TermParam {
  return { term: allergy.substance, codes: allergy.codes, list: 'allergens' };
}

function allergyLine(fact: Fact<Allergy>, rank: number): Ranked {
  const allergy = fact.value;
  const substance = substanceTerm(allergy);
  const noun = /allerg|intoleran/iu.test(allergy.substance)
    ? message('danger.thing', { thing: substance })
    : message('danger.allergy', { substance: { ...substance, withLatin: true } });
  const act = isLatex(allergy)
    ? message('danger.no-latex')
    : message(isMedicine(allergy) ? 'danger.do-not-give' : 'danger.keep-away');
  const reaction = allergy.reactions.map((one): TermParam => ({
    term: one.text,
    codes: one.codes,
    list: 'reactions',
  }));
  const year = (allergy.lastReaction ?? allergy.since)?.slice(0, 4);
  const told =
    reaction.length > 0
      ? message('danger.reaction', { reaction })
      : allergy.severity === 'severe'
        ? message('danger.severe-reaction')
        : allergy.criticality === 'high'
          ? message('danger.can-kill')
          : message('danger.reaction-not-recorded');
  const dated =
    reaction.length > 0 && year !== undefined ? message('danger.reaction-in', { reaction, year }) : told;
  return line(rank, 'allergy', 'allergies', [fact], {
    noun,
    shortNoun: message('danger.thing', { thing: substance }),
    reason: [told, act],
    detail: [dated, act],
  });
}

const namedOnCard = 2;

function otherAllergiesLine(facts: readonly [Fact<Allergy>, ...Fact<Allergy>[]], beside: boolean): Ranked {
  const items = facts.map((fact) => substanceTerm(fact.value));
  const noun = message(beside ? 'danger.other-allergies' : 'danger.allergies');
  const short =
    items.length > namedOnCard + 1
      ? message('danger.list-more', { items: items.slice(0, namedOnCard), count: items.length - namedOnCard })
      : message('danger.list', { items });
  return line(90, 'allergy', 'allergies', facts, {
    noun,
    shortNoun: noun,
    reason: [short],
    detail: [message('danger.list', { items })],
  });
}

function medicineLines(seen: VisibleFacts): Ranked[] {
  const facts = factsOf(seen.medicines);
  const withClass = (wanted: MedicineClass): Fact<Medicine>[] =>
    facts.filter((fact) => medicineClasses(fact.value.codes, fact.value.name).includes(wanted));
  return [
    ...withClass('anticoagulant').map((fact) => bleedingLine(fact, 30, 'danger.blood-thinner')),
    ...withClass('antiplatelet').map((fact) => bleedingLine(fact, 34, 'danger.antiplatelet')),
    ...insulinLines(seen, withClass('insulin')),
    ...steroidLines(
      seen,
      withClass('steroid').filter((fact) => !fact.value.asNeeded),
    ),
    ...immuneLines(seen, [...withClass('immunosuppressant'), ...withClass('chemotherapy')]),
  ];
}

/** The generic name where the medicine is on our list, so that a package name does not fill the line. */
export function genericTerm(medicine: Medicine, inSentence: boolean): TermParam {
  const entry = medicineEntry(medicine.codes, medicine.name);
  return entry === undefined
    ? { term: medicine.name, codes: medicine.codes, list: 'medicines', inSentence: false }
    : { term: entry.en, codes: entry.codes, list: 'medicines', inSentence };
}

function bleedingLine(
  fact: Fact<Medicine>,
  rank: number,
  what: 'danger.blood-thinner' | 'danger.antiplatelet',
): Ranked {
  const dose = doseWords(fact.value);
  return line(rank, 'bleeding', 'medicines', [fact], {
    noun: message('danger.takes', { medicine: { ...genericTerm(fact.value, true), withLatin: true } }),
    shortNoun: message('danger.thing', { thing: genericTerm(fact.value, false) }),
    reason: [message(what), message('danger.bleeds')],
    detail: [
      dose === undefined ? message(what) : message(`${what}-dose`, { dose }),
      message('danger.bleeds'),
    ],
  });
}

function insulinLines(seen: VisibleFacts, facts: readonly Fact<Medicine>[]): Ranked[] {
  const typeOne = conditionFact(seen, ['type-1-diabetes']);
  const [first, ...rest] = facts;
  if (first === undefined && typeOne === undefined) return [];
  const reason =
    typeOne === undefined
      ? [message('danger.check-sugar'), message('danger.never-stop')]
      : [message('danger.type-1'), message('danger.never-stop')];
  const words = {
    noun: message('danger.needs-insulin'),
    shortNoun: message('danger.insulin'),
    reason,
    detail: reason,
  };
  if (first !== undefined) return [line(50, 'insulin', 'medicines', [first, ...rest], words)];
  return typeOne === undefined ? [] : [line(50, 'insulin', 'conditions', [typeOne], words)];
}

function steroidLines(seen: VisibleFacts, facts: readonly Fact<Medicine>[]): Ranked[] {
  const adrenal = conditionFact(seen, ['adrenal-insufficiency', 'addison', 'hypopituitarism']);
  const [first, ...rest] = facts;
  if (first === undefined && adrenal === undefined) return [];
  const act = message(adrenal === undefined ? 'danger.never-stop' : 'danger.sick-day');
  const cause = adrenal === undefined ? undefined : message('danger.adrenal');
  const medicine =
    first === undefined
      ? undefined
      : message('danger.medicine', { medicine: genericTerm(first.value, false) });
  const words = {
    noun: message('danger.needs-steroids'),
    shortNoun: message('danger.steroids'),
    reason: [cause ?? medicine, act].filter((one) => one !== undefined),
    detail: [cause, medicine, act].filter((one) => one !== undefined),
  };
  if (first !== undefined) return [line(52, 'steroid', 'medicines', [first, ...rest], words)];
  return adrenal === undefined ? [] : [line(52, 'steroid', 'conditions', [adrenal], words)];
}

function immuneLines(seen: VisibleFacts, facts: readonly Fact<Medicine>[]): Ranked[] {
  const known = conditionFact(seen, [
    'no-spleen',
    'immunodeficiency',
    'kidney-transplant',
    'liver-transplant',
    'heart-transplant',
  ]);
  const [first, ...rest] = facts;
  const cause =
    known === undefined ? undefined : message('danger.medicine', { medicine: conditionTerm(known.value) });
  const medicine =
    first === undefined
      ? undefined
      : message('danger.medicine', { medicine: genericTerm(first.value, false) });
  const words = {
    noun: message('danger.immune'),
    shortNoun: message('danger.immune-short'),
    reason: [cause ?? medicine, message('danger.fever')].filter((one) => one !== undefined),
    detail: [cause, medicine, message('danger.fever')].filter((one) => one !== undefined),
  };
  if (first !== undefined) return [line(78, 'immune', 'medicines', [first, ...rest], words)];
  return known === undefined ? [] : [line(78, 'immune', 'conditions', [known], words)];
}

function implantLines(facts: readonly Fact<Implant>[]): Ranked[] {
  return facts.flatMap((fact) => {
    const implant = fact.value;
    const entry = implantEntry({ text: implant.kind, codes: implant.codes });
    if (entry?.critical !== true && implant.mri !== 'unsafe' && implant.mri !== 'conditional') return [];
    const thing: TermParam =
      entry === undefined || entry.codes.length === 0
        ? { term: entry?.en ?? implant.kind, codes: implant.codes, list: 'implants' }
        : { term: entry.en, codes: entry.codes, list: 'implants' };
    const act = implantAct(entry?.id, implant);
    const since =
      implant.since === undefined ? [] : [message('danger.since', { date: implant.since.slice(0, 4) })];
    return [
      line(60, 'implant', 'implants', [fact], {
        noun: implantNoun(thing, entry?.critical === true),
        shortNoun: message('danger.thing', { thing }),
        reason: [act],
        detail: [...since, act],
      }),
    ];
  });
}

/** The critical implants of our list are single things; what somebody typed may be anything. */
function implantNoun(thing: TermParam, single: boolean): Message {
  if (!single) return message('danger.has', { thing });
  const key = /^[aeiou]/iu.test(thing.term) ? 'danger.has-an' : 'danger.has-a';
  return message(key, { thing: { ...thing, inSentence: true } });
}

function implantAct(entryId: string | undefined, implant: Implant): Message {
  if (entryId === 'mechanical-valve') return message('danger.anticoagulation-kept');
  if (entryId === 'ventricular-assist' || entryId === 'insulin-pump' || entryId === 'drug-pump')
    return message(implant.mri === 'unsafe' ? 'danger.no-mri' : 'danger.device-off');
  if (implant.mri === 'unsafe') return message('danger.no-mri');
  if (implant.mri === 'conditional') return message('danger.mri-conditional');
  if (entryId === 'pacemaker' || entryId === 'icd') return message('danger.before-mri');
  return message('danger.mri-ask');
}

function directiveLines(seen: VisibleFacts): Ranked[] {
  return factsOf(seen.directives).flatMap((fact) => {
    const { kind, whereToFind } = fact.value;
    if (kind !== 'dnr' && kind !== 'portable-order') return [];
    const where =
      whereToFind === undefined
        ? []
        : [message('danger.where', { where: whereToFind.trim().replace(/[.।]+$/u, '') })];
    return [
      line(65, 'directive', 'directives', [fact], {
        noun: message(`danger.${kind}`),
        shortNoun: message(`danger.${kind}-short`),
        reason: [message('danger.ask-paper')],
        detail: where.length > 0 ? where : [message('danger.ask-paper')],
      }),
    ];
  });
}

const longestPregnancyDays = 300;
const daysAfterDue = 21;

/** Whether a recorded pregnancy can still go on: not three weeks past its date, not older than 300 days. */
export function mayStillBePregnant(
  value: { readonly state: string; readonly due?: PartialDate; readonly date?: PartialDate },
  today: PartialDate,
): boolean {
  if (value.state !== 'pregnant' && value.state !== 'possible') return false;
  if (value.due !== undefined) return daysBetween(value.due, today) <= daysAfterDue;
  return value.date === undefined || daysBetween(value.date, today) <= longestPregnancyDays;
}

function pregnancyLines(seen: VisibleFacts, today: PartialDate): Ranked[] {
  return factsOf(seen.pregnancy)
    .filter((fact) => mayStillBePregnant(fact.value, today))
    .map((fact) => {
      const noun = message(fact.value.state === 'pregnant' ? 'danger.pregnant' : 'danger.pregnant-maybe');
      const due =
        fact.value.due === undefined ? [] : [message('danger.due', { date: { date: fact.value.due } })];
      const words = [...due, message('danger.both')];
      return line(70, 'pregnancy', 'pregnancy', [fact], {
        noun,
        shortNoun: noun,
        reason: words,
        detail: words,
      });
    });
}

type ConditionDanger = readonly [rank: number, kind: DangerKind, ...words: MessageKey[]];

const conditionDangers: Readonly<Record<string, ConditionDanger>> = {
  tracheostomy: [20, 'airway', 'danger.neck'],
  'difficult-airway': [21, 'airway', 'danger.airway', 'danger.call-airway'],
  'hereditary-angioedema': [22, 'airway', 'danger.swelling', 'danger.adrenaline-may-fail'],
  'malignant-hyperthermia': [23, 'airway', 'danger.anaesthesia'],
  mastocytosis: [24, 'airway', 'danger.mast-cells'],
  haemophilia: [31, 'bleeding', 'danger.factor'],
  'haemophilia-a': [31, 'bleeding', 'danger.factor'],
  'haemophilia-b': [31, 'bleeding', 'danger.factor'],
  'von-willebrand': [32, 'bleeding', 'danger.bleeding'],
  'long-qt': [62, 'condition', 'danger.rhythm', 'danger.check-medicines'],
  brugada: [62, 'condition', 'danger.rhythm', 'danger.check-medicines'],
  'heart-block': [63, 'condition', 'danger.slow-heart'],
  'sickle-cell': [72, 'condition', 'danger.sickle'],
  myasthenia: [73, 'condition', 'danger.weak-breathing', 'danger.check-medicines'],
  porphyria: [74, 'condition', 'danger.check-medicines'],
  g6pd: [74, 'condition', 'danger.check-medicines'],
  dialysis: [75, 'condition', 'danger.fistula'],
  epilepsy: [76, 'condition', 'danger.seizures', 'danger.clear-space'],
  'seizure-disorder': [76, 'condition', 'danger.seizures', 'danger.clear-space'],
};

function conditionLines(seen: VisibleFacts): Ranked[] {
  const paced = factsOf(seen.implants).some((fact) =>
    ['pacemaker', 'icd'].includes(implantEntry({ text: fact.value.kind, codes: fact.value.codes })?.id ?? ''),
  );
  const said = new Set<string>();
  return factsOf(seen.conditions).flatMap((fact) => {
    const id = entryOf(fact.value)?.id ?? '';
    const danger = Object.hasOwn(conditionDangers, id) ? conditionDangers[id] : undefined;
    if (danger === undefined || (id === 'heart-block' && paced)) return [];
    const [rank, kind, ...keys] = danger;
    // Epilepsy and "seizure disorder" from one source are one danger, not two.
    if (said.has(keys.join())) return [];
    said.add(keys.join());
    const thing = conditionTerm(fact.value);
    const reason = keys.map((key) => message(key));
    const noun = message('danger.thing', { thing });
    return [line(rank, kind, 'conditions', [fact], { noun, shortNoun: noun, reason, detail: reason })];
  });
}

function entryOf(condition: Condition): { readonly id: string } | undefined {
  return findEntry(conditions, condition.codes, condition.name);
}

function conditionTerm(condition: Condition): TermParam {
  return { term: condition.name, codes: condition.codes, list: 'conditions' };
}

function conditionFact(seen: VisibleFacts, ids: readonly string[]): Fact<Condition> | undefined {
  return factsOf(seen.conditions).find((fact) => ids.includes(entryOf(fact.value)?.id ?? ''));
}
