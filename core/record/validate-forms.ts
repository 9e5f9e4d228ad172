// What is allowed in a form: problems by field and code, the same for the page and the server.
// Takes any JSON: a form that came over the wire may hold anything. The words for the codes are in the catalogues.

import { entryById } from './code-lists/code-list.ts';
import { bloodGroups } from './code-lists/small-lists.ts';
import { codeLists, type CodeListName } from './code-lists/terms.ts';
import { partialDate } from './elements.ts';
import { sectionIds, type PartialDate, type SectionId } from './facts.ts';

export type ProblemCode =
  | 'required'
  | 'not-text'
  | 'too-long'
  | 'control-character'
  | 'not-a-date'
  | 'in-the-future'
  | 'too-long-ago'
  | 'too-far-ahead'
  | 'not-a-number'
  | 'too-small'
  | 'too-large'
  | 'not-a-phone-number'
  | 'not-an-e-mail'
  | 'not-a-language'
  | 'unknown-choice'
  | 'too-many'
  | 'twice'
  | 'not-an-address'
  | 'not-a-form';

/** `field` is the path in the form: `since`, `contacts.1.phone`; '' for the form as a whole. */
export type Problem = { readonly field: string; readonly code: ProblemCode };

const nameLength = 200;
const noteLength = 1000;
const mostPerList = 50;

type Form = { readonly [field: string]: unknown };

/** One form being checked: collects problems so that all are shown at once. */
class Check {
  readonly problems: Problem[] = [];
  readonly form: Form;
  readonly today: PartialDate;
  readonly prefix: string;

  constructor(form: Form, today: PartialDate, prefix = '', problems: Problem[] = []) {
    this.form = form;
    this.today = today;
    this.prefix = prefix;
    this.problems = problems;
  }

  at(field: string): unknown {
    const value = Object.hasOwn(this.form, field) ? this.form[field] : undefined;
    return value === null ? undefined : value;
  }

  problem(field: string, code: ProblemCode): void {
    this.problems.push({ field: this.prefix + field, code });
  }

  text(field: string, longest: number, required = false): string | undefined {
    const value = this.at(field);
    if (value === undefined || value === '') {
      if (required) this.problem(field, 'required');
      return undefined;
    }
    if (typeof value !== 'string') this.problem(field, 'not-text');
    else if (value.length > longest) this.problem(field, 'too-long');
    else if (hasForbiddenCharacter(value, longest > nameLength)) this.problem(field, 'control-character');
    else if (value.trim() !== '') return value;
    else if (required) this.problem(field, 'required');
    return undefined;
  }

  /** A day, month or year that exists; by default one that is not in the future. */
  date(field: string, rule: 'past' | 'due' = 'past', required = false): void {
    const value = this.at(field);
    if (value === undefined || value === '') {
      if (required) this.problem(field, 'required');
      return;
    }
    const date = typeof value === 'string' && value.length <= 10 ? partialDate(value) : undefined;
    if (date === undefined) return this.problem(field, 'not-a-date');
    if (rule === 'past') {
      if (date > this.today.slice(0, date.length)) this.problem(field, 'in-the-future');
      if (Number(date.slice(0, 4)) < Number(this.today.slice(0, 4)) - 130)
        this.problem(field, 'too-long-ago');
    } else {
      if (date < this.today.slice(0, date.length)) this.problem(field, 'too-long-ago');
      if (Number(date.slice(0, 4)) > Number(this.today.slice(0, 4)) + 1) this.problem(field, 'too-far-ahead');
    }
  }

  number(field: string, least: number, most: number, required = false): void {
    const value = this.at(field);
    if (value === undefined) {
      if (required) this.problem(field, 'required');
    } else if (typeof value !== 'number' || !Number.isFinite(value)) this.problem(field, 'not-a-number');
    else if (value < least) this.problem(field, 'too-small');
    else if (value > most) this.problem(field, 'too-large');
  }

  oneOf(field: string, choices: readonly string[], required = false): void {
    const value = this.at(field);
    if (value === undefined || value === '') {
      if (required) this.problem(field, 'required');
    } else if (typeof value !== 'string' || !choices.includes(value)) this.problem(field, 'unknown-choice');
  }

  choice(field: string, list: CodeListName, required = true): void {
    const value = this.at(field);
    if (value === undefined) {
      if (required) this.problem(field, 'required');
      return;
    }
    const inner = this.inner(field, value);
    if (inner === undefined) return;
    inner.text('text', nameLength, true);
    const listId = inner.at('listId');
    const known = typeof listId === 'string' && entryById(codeLists[list], listId) !== undefined;
    if (listId !== undefined && !known) inner.problem('listId', 'unknown-choice');
  }

  list(field: string, most: number, each: (item: Check) => void): void {
    const value = this.at(field);
    if (value === undefined) return;
    if (!Array.isArray(value)) return this.problem(field, 'not-a-form');
    if (value.length > most) return this.problem(field, 'too-many');
    for (const [place, item] of value.entries()) {
      const inner = this.inner(`${field}.${place}`, item);
      if (inner !== undefined) each(inner);
    }
  }

  choices(field: string, list: CodeListName): void {
    const value = this.at(field);
    if (value === undefined) return;
    if (!Array.isArray(value)) return this.problem(field, 'not-a-form');
    if (value.length > mostPerList) return this.problem(field, 'too-many');
    const holder: Form = Object.fromEntries(value.map((item, place) => [String(place), item as unknown]));
    const inner = new Check(holder, this.today, `${this.prefix}${field}.`, this.problems);
    for (const place of Object.keys(holder)) inner.choice(place, list);
  }

  phone(field: string, required = false): string | undefined {
    const value = this.text(field, 40, required);
    if (value === undefined) return undefined;
    const phone = plainPhone(value);
    if (phone === undefined) this.problem(field, 'not-a-phone-number');
    return phone;
  }

  inner(field: string, value: unknown): Check | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.problem(field, 'not-a-form');
      return undefined;
    }
    return new Check(value as Form, this.today, `${this.prefix}${field}.`, this.problems);
  }
}

function hasForbiddenCharacter(text: string, linesAllowed: boolean): boolean {
  if (!text.isWellFormed()) return true;
  return (
    linesAllowed
      ? /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/u
      : /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
  ).test(text);
}

/** The number without spaces, dashes, dots and brackets, `00` as `+`; undefined where it cannot be a phone number. */
export function plainPhone(text: string): string | undefined {
  const phone = text.replace(/[\s().\u2010-\u2015\u00a0-]/gu, '').replace(/^00/u, '+');
  return /^\+?[0-9]{3,15}$/u.test(phone) ? phone : undefined;
}

const sexes = ['male', 'female', 'other', 'unknown'];
const severities = ['mild', 'moderate', 'severe'];
const provider = (check: Check): void => {
  check.text('name', nameLength, true);
  check.text('specialty', nameLength);
  check.text('place', nameLength);
  check.phone('phone');
};

const checks: { readonly [Id in SectionId]: (check: Check) => void } = {
  identity(check) {
    check.text('name', nameLength, true);
    check.list('localNames', 5, (item) => {
      item.text('text', nameLength, true);
      if (!isLanguageTag(item.at('language'))) item.problem('language', 'not-a-language');
    });
    check.date('birthDate');
    check.oneOf('sex', sexes);
    check.oneOf('sexAtBirth', sexes);
    const spoken = check.at('languages');
    if (spoken !== undefined) {
      if (!Array.isArray(spoken)) check.problem('languages', 'not-a-form');
      else if (spoken.length > 20) check.problem('languages', 'too-many');
      else {
        for (const [place, tag] of spoken.entries())
          if (!isLanguageTag(tag)) check.problem(`languages.${place}`, 'not-a-language');
        if (new Set(spoken).size < spoken.length) check.problem('languages', 'twice');
      }
    }
    const photo = check.at('photo');
    const inner = photo === undefined ? undefined : check.inner('photo', photo);
    inner?.text('contentType', 100, true);
    if (inner !== undefined) fileAddress(inner);
  },
  address(check) {
    check.phone('phone');
    const email = check.text('email', 254);
    if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/u.test(email))
      check.problem('email', 'not-an-e-mail');
    const lines = check.at('lines');
    if (lines !== undefined) {
      if (!Array.isArray(lines)) check.problem('lines', 'not-a-form');
      else if (lines.length > 5) check.problem('lines', 'too-many');
      else {
        const holder: Form = Object.fromEntries(lines.map((line, place) => [String(place), line as unknown]));
        const inner = new Check(holder, check.today, `${check.prefix}lines.`, check.problems);
        for (const place of Object.keys(holder)) inner.text(place, nameLength);
      }
    }
    for (const field of ['city', 'district', 'state', 'country']) check.text(field, nameLength);
    check.text('postalCode', 20);
  },
  allergies(check) {
    check.choice('substance', 'allergens');
    check.oneOf('category', ['food', 'medication', 'environment', 'biologic']);
    check.oneOf('criticality', ['low', 'high', 'unable-to-assess']);
    check.choices('reactions', 'reactions');
    check.oneOf('severity', severities);
    check.date('since');
    check.date('lastReaction');
    check.text('note', noteLength);
  },
  conditions(check) {
    check.choice('condition', 'conditions');
    check.oneOf('severity', severities);
    check.date('since');
    check.text('note', noteLength);
  },
  medicines(check) {
    check.choice('medicine', 'medicines');
    check.text('doseText', nameLength);
    check.number('doseValue', 0.000001, 1_000_000);
    check.text('doseUnit', 40);
    const frequency = check.at('frequency');
    const inner = frequency === undefined ? undefined : check.inner('frequency', frequency);
    inner?.number('times', 1, 48, true);
    inner?.number('period', 1, 100, true);
    inner?.oneOf('unit', ['s', 'min', 'h', 'd', 'wk', 'mo', 'a'], true);
    check.oneOf(
      'route',
      codeLists.routes.map((route) => route.id),
    );
    const asNeeded = check.at('asNeeded');
    if (asNeeded !== undefined && typeof asNeeded !== 'boolean') check.problem('asNeeded', 'unknown-choice');
    check.text('reason', nameLength);
    check.date('since');
    check.text('note', noteLength);
  },
  disabilities(check) {
    check.choice('disability', 'disabilities');
    check.date('since');
    check.text('note', noteLength);
  },
  vaccinations(check) {
    check.choice('vaccine', 'vaccines');
    check.date('date', 'past', true);
    check.number('doseNumber', 1, 20);
    if (typeof check.at('doseNumber') === 'number' && !Number.isInteger(check.at('doseNumber')))
      check.problem('doseNumber', 'not-a-number');
    check.text('lot', 50);
  },
  implants(check) {
    check.choice('implant', 'implants');
    check.date('since');
    check.oneOf('mri', ['safe', 'conditional', 'unsafe', 'unknown']);
    check.text('model', nameLength);
    check.text('note', noteLength);
  },
  'blood-group'(check) {
    check.oneOf(
      'group',
      bloodGroups.map((group) => group.id),
      true,
    );
    check.oneOf('knownFrom', ['lab-report', 'card', 'belief']);
    check.date('date');
  },
  body(check) {
    check.number('weightKg', 0.3, 500);
    check.number('heightCm', 20, 260);
    check.date('date');
    if (check.at('weightKg') === undefined && check.at('heightCm') === undefined)
      check.problem('weightKg', 'required');
  },
  pregnancy(check) {
    check.oneOf('state', ['pregnant', 'not-pregnant', 'possible', 'unknown'], true);
    check.date('due', 'due');
  },
  'care-team'(check) {
    for (const field of ['doctor', 'hospital']) {
      const value = check.at(field);
      const inner = value === undefined ? undefined : check.inner(field, value);
      if (inner !== undefined) provider(inner);
    }
  },
  contacts(check) {
    const seen = new Set<string>();
    if (check.at('contacts') === undefined) check.problem('contacts', 'required');
    check.list('contacts', 10, (item) => {
      item.text('name', nameLength, true);
      item.choice('relation', 'relations', false);
      const phone = item.phone('phone', true);
      if (phone === undefined) return;
      if (seen.has(phone)) item.problem('phone', 'twice');
      seen.add(phone);
    });
  },
  'organ-donor'(check) {
    check.oneOf('answer', ['yes', 'no', 'some', 'unsure', 'relatives'], true);
    check.choices('organs', 'organs');
    const organs = check.at('organs');
    if (check.at('answer') === 'some' && (!Array.isArray(organs) || organs.length === 0))
      check.problem('organs', 'required');
  },
  directives(check) {
    check.oneOf(
      'kind',
      ['dnr', 'living-will', 'care-plan', 'power-of-attorney', 'portable-order', 'other'],
      true,
    );
    check.text('whereToFind', noteLength);
    check.date('date');
  },
  documents(check) {
    check.text('title', nameLength, true);
    check.oneOf(
      'kind',
      [
        'prescription',
        'lab-report',
        'imaging',
        'discharge-summary',
        'visit-note',
        'insurance',
        'identity',
        'other',
      ],
      true,
    );
    check.date('date');
    fileAddress(check);
    check.text('contentType', 100, true);
    check.number('sizeBytes', 0, 1_000_000_000, true);
  },
};

function fileAddress(check: Check): void {
  const url = check.text('url', 500, true);
  // Only addresses of this server: a foreign or script address must never come into a record by a form.
  if (url !== undefined && !/^(?:\/(?!\/)|Binary\/)[A-Za-z0-9._~/?=&%-]+$/u.test(url))
    check.problem('url', 'not-an-address');
}

function isLanguageTag(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u.test(value);
}

/** Everything that is wrong with a form; empty where it may be stored. `today`: YYYY-MM-DD. Never throws. */
export function validateForm(section: SectionId, form: unknown, today: PartialDate): Problem[] {
  if (typeof form !== 'object' || form === null || Array.isArray(form) || !sectionIds.includes(section))
    return [{ field: '', code: 'not-a-form' }];
  const check = new Check(form as Form, today);
  checks[section](check);
  return check.problems;
}
