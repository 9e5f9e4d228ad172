// A line of a prescription as doctors write it: "amoxicillin 500 mg tds 5 days", "Pantoprazole 40mg 1-0-0 x 2w". What is not understood stays
// part of the name; nothing is guessed.
import type { DoseUnit, Route } from './draft.ts';

export interface ReadLine {
  readonly name: string;
  readonly dose: string;
  readonly unit: DoseUnit;
  readonly route: Route | '';
  readonly perDay: string;
  readonly days: string;
  readonly asNeeded: boolean;
}

const units: Readonly<Record<string, DoseUnit>> = {
  mg: 'mg',
  g: 'g',
  gm: 'g',
  mcg: 'mcg',
  ug: 'mcg',
  µg: 'mcg',
  μg: 'mcg',
  ml: 'ml',
  tab: 'tablet',
  tabs: 'tablet',
  tablet: 'tablet',
  tablets: 'tablet',
  cap: 'tablet',
  capsule: 'tablet',
  capsules: 'tablet',
  puff: 'puff',
  puffs: 'puff',
  drop: 'drop',
  drops: 'drop',
  gtt: 'drop',
  u: 'unit',
  iu: 'unit',
  unit: 'unit',
  units: 'unit',
};

const times: Readonly<Record<string, number>> = {
  od: 1,
  qd: 1,
  hs: 1,
  daily: 1,
  bd: 2,
  bid: 2,
  tds: 3,
  tid: 3,
  qid: 4,
  qds: 4,
  once: 1,
  twice: 2,
  thrice: 3,
};

const routesOf: Readonly<Record<string, Route>> = {
  po: 'oral',
  oral: 'oral',
  orally: 'oral',
  inh: 'inhaled',
  inhaled: 'inhaled',
  topical: 'skin',
  skin: 'skin',
  iv: 'injection',
  im: 'injection',
  sc: 'injection',
  injection: 'injection',
  eye: 'drops',
  ear: 'drops',
};

const lengths: Readonly<Record<string, number>> = { d: 1, day: 1, days: 1, w: 7, wk: 7, week: 7, weeks: 7 };

const mostLetters = 300;

export function readLine(line: string): ReadLine {
  let rest = ` ${line.slice(0, mostLetters).replace(/[\s,;]+/gu, ' ')} `;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = pattern.exec(rest);
    if (!found) return undefined;
    rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`;
    return found;
  };
  // The longest first: what stands for a length must not be read as a dose.
  const length = take(/ (?:x|for)? ?(\d{1,3}) ?(days?|d|weeks?|wk|w)(?= )/iu);
  const pattern = take(/ (\d)-(\d)-(\d)(?:-(\d))?(?= )/u);
  const every = pattern ? undefined : take(/ (?:every (\d{1,2}) ?h(?:ours?)?|q(\d{1,2})h)(?= )/iu);
  const counted =
    pattern || every
      ? undefined
      : take(/ (?:(\d{1,2}) ?(?:x|times?)(?: ?(?:a|per|\/) ?day)?|x ?(\d{1,2}))(?= )/iu);
  const word =
    pattern || every || counted
      ? undefined
      : take(/ (od|qd|hs|daily|bd|bid|tds|tid|qid|qds|once|twice|thrice)(?: (?:a day|daily))?(?= )/iu);
  const need = take(/ (?:sos|prn|if needed|as needed)(?= )/iu);
  const dose = take(
    / (\d{1,5}(?:\.\d{1,3})?) ?(mg|gm|g|mcg|ug|µg|μg|ml|tabs?|tablets?|caps?|capsules?|puffs?|drops?|gtt|iu|units?|u)(?= )/iu,
  );
  const route = take(/ (po|oral|orally|inh|inhaled|topical|skin|iv|im|sc|injection|eye|ear)(?= )/iu);
  const perDay = pattern
    ? pattern.slice(1).reduce((sum, part) => sum + Number(part ?? 0), 0)
    : every
      ? Math.round(24 / Math.max(1, Number(every[1] ?? every[2])))
      : counted
        ? Number(counted[1] ?? counted[2])
        : word
          ? times[(word[1] ?? '').toLowerCase()]
          : undefined;
  return {
    name: rest.trim().replace(/ {2,}/g, ' '),
    dose: dose?.[1] ?? '',
    unit: units[(dose?.[2] ?? 'mg').toLowerCase()] ?? 'mg',
    route: route ? (routesOf[(route[1] ?? '').toLowerCase()] ?? '') : '',
    perDay: perDay === undefined || perDay < 1 ? '' : String(perDay),
    days: length ? String(Number(length[1]) * (lengths[(length[2] ?? 'd').toLowerCase()] ?? 1)) : '',
    asNeeded: need !== undefined,
  };
}

/** "134/84" as typed in one box. */
export function readPressure(text: string): { systolic: string; diastolic: string } | undefined {
  const found = /^\s*(\d{2,3})\s*(?:\/|-|\s)\s*(\d{2,3})\s*$/u.exec(text);
  return found ? { systolic: found[1] ?? '', diastolic: found[2] ?? '' } : undefined;
}
