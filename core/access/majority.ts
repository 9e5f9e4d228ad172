// From which instant on a young person's record is theirs alone: age of majority by country, midnight where they live. Pure: the clock
// of the zone comes as an argument, and nothing has to run for the day to come.

interface CountryLaw {
  /** Whole years. */
  age: number;
  /** Zone in which the day begins: of a country with several, the one where it begins first. Nobody's access outlasts the day. */
  zone: string;
  /** Who was born on 29 February comes of age on 28 February of a common year; elsewhere on 1 March. */
  leapDayOn28?: true;
}

const at18 = (zone: string): CountryLaw => ({ age: 18, zone });

/** ISO 3166-1 alpha-2. Sources and the choice for whoever is not here: docs/decisions/guardians.md. */
const laws: Readonly<Record<string, CountryLaw>> = {
  AE: { age: 21, zone: 'Asia/Dubai' },
  AR: at18('America/Argentina/Buenos_Aires'),
  AT: at18('Europe/Vienna'),
  AU: at18('Australia/Sydney'),
  BD: at18('Asia/Dhaka'),
  BE: at18('Europe/Brussels'),
  BH: { age: 21, zone: 'Asia/Bahrain' },
  BR: at18('America/Noronha'),
  BT: at18('Asia/Thimphu'),
  CA: { age: 19, zone: 'America/St_Johns' },
  CH: at18('Europe/Zurich'),
  CN: at18('Asia/Shanghai'),
  CZ: at18('Europe/Prague'),
  DE: at18('Europe/Berlin'),
  DK: at18('Europe/Copenhagen'),
  EG: { age: 21, zone: 'Africa/Cairo' },
  ES: at18('Europe/Madrid'),
  FI: at18('Europe/Helsinki'),
  FR: at18('Europe/Paris'),
  GB: at18('Europe/London'),
  GR: at18('Europe/Athens'),
  HK: at18('Asia/Hong_Kong'),
  ID: { age: 21, zone: 'Asia/Jayapura' },
  IE: at18('Europe/Dublin'),
  IN: at18('Asia/Kolkata'),
  IT: at18('Europe/Rome'),
  JP: at18('Asia/Tokyo'),
  KE: at18('Africa/Nairobi'),
  KR: { age: 19, zone: 'Asia/Seoul' },
  KW: { age: 21, zone: 'Asia/Kuwait' },
  LK: at18('Asia/Colombo'),
  MV: at18('Indian/Maldives'),
  MX: at18('America/Cancun'),
  MY: at18('Asia/Kuala_Lumpur'),
  NG: at18('Africa/Lagos'),
  NL: at18('Europe/Amsterdam'),
  NO: at18('Europe/Oslo'),
  NP: at18('Asia/Kathmandu'),
  NZ: { age: 20, zone: 'Pacific/Auckland', leapDayOn28: true },
  OM: at18('Asia/Muscat'),
  PK: at18('Asia/Karachi'),
  PL: at18('Europe/Warsaw'),
  PT: at18('Europe/Lisbon'),
  QA: at18('Asia/Qatar'),
  SA: at18('Asia/Riyadh'),
  SE: at18('Europe/Stockholm'),
  SG: { age: 21, zone: 'Asia/Singapore' },
  TH: { age: 20, zone: 'Asia/Bangkok' },
  TW: { age: 18, zone: 'Asia/Taipei', leapDayOn28: true },
  UA: at18('Europe/Kyiv'),
  US: at18('America/New_York'),
  ZA: at18('Africa/Johannesburg'),
};

export const countriesWithLaw: readonly string[] = Object.keys(laws);
/** Where a record names no country that is known here. */
export const usualCountry = 'IN';

/** What is asked about one instant in a zone: minutes that local time is ahead of UTC. */
export type ZoneOffset = (zone: string, atMs: number) => number;

const dayMs = 86_400_000;

/** The day, as YYYY-MM-DD, on which somebody born on `birthDate` comes of age. Undefined for what is no whole date. */
export function majorityDay(birthDate: string, country: string): string | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const born = new Date(`${birthDate}T00:00:00Z`);
  if (Number.isNaN(born.getTime()) || born.toISOString().slice(0, 10) !== birthDate) return undefined;
  const law = lawOf(country);
  const comes = String(Number(year) + law.age).padStart(4, '0');
  if (month === '02' && day === '29' && !isLeap(Number(comes)))
    return `${comes}-${law.leapDayOn28 === true ? '02-28' : '03-01'}`;
  return `${comes}-${month}-${day}`;
}

/** The first instant of that day where the person lives, in epoch milliseconds. `zone`: as their record says, else their country's. */
export function majorityAt(
  birthDate: string,
  country: string,
  offsetMinutes: ZoneOffset,
  zone: string = lawOf(country).zone,
): number | undefined {
  const day = majorityDay(birthDate, country);
  if (day === undefined) return undefined;
  const asIfUtc = Date.parse(`${day}T00:00:00Z`);
  // Of the two readings of a midnight near a change of clocks the earlier one.
  const candidates = [asIfUtc - dayMs, asIfUtc, asIfUtc + dayMs].map(
    (near) => asIfUtc - offsetMinutes(zone, near) * 60_000,
  );
  const midnights = candidates.filter((at) => at + offsetMinutes(zone, at) * 60_000 === asIfUtc);
  return Math.min(...(midnights.length > 0 ? midnights : candidates));
}

/** How long before the day everybody is told, and from when on guardians and the young person decide together. */
export const noticeBeforeMs = 90 * dayMs;

function lawOf(country: string): CountryLaw {
  return laws[country] ?? laws[usualCountry] ?? at18('Asia/Kolkata');
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
