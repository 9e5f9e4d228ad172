// What cannot be right in a visit as it is typed, field by field. Judges no medicine: that is core/clinical.
import { form as general } from '../forms/shipped/general.ts';
import type { Field } from '../forms/form.ts';
import { fieldsOf } from '../forms/form.ts';
import type { VisitDraft, VitalId } from './draft.ts';
import { isBlank, vitalIds } from './draft.ts';

export type VisitProblem =
  | {
      readonly field: VitalId;
      readonly code: 'not-a-number' | 'out-of-range';
      readonly low: number;
      readonly high: number;
    }
  | { readonly field: `medicine:${string}`; readonly code: 'dose' | 'times' | 'days' | 'name' }
  | { readonly field: 'systolic'; readonly code: 'pair' }
  | { readonly field: 'follow-up'; readonly code: 'past' | 'date' }
  | { readonly field: 'visit'; readonly code: 'blank' };

const byId = new Map(fieldsOf(general).map((field) => [field.id, field]));

/** Unit, range, code and bands of a vital sign, as the form "general" has them. */
export function vitalField(id: VitalId): Field {
  const field = byId.get(id);
  if (field === undefined) throw new Error(`no field ${id}`);
  return field;
}

/** The number in a box; a comma is a point. Undefined for an empty box, NaN for what is no number. */
export function numberIn(text: string | undefined): number | undefined {
  const plain = (text ?? '').trim().replace(',', '.');
  if (plain === '') return undefined;
  return /^\d{1,6}(\.\d{1,4})?$/.test(plain) ? Number(plain) : Number.NaN;
}

/** @param today YYYY-MM-DD */
export function problemsOf(draft: VisitDraft, today: string): VisitProblem[] {
  const found: VisitProblem[] = [];
  for (const id of vitalIds) {
    const value = numberIn(draft.vitals[id]);
    const [low, high] = vitalField(id).range ?? [0, Infinity];
    if (value === undefined) continue;
    if (Number.isNaN(value)) found.push({ field: id, code: 'not-a-number', low, high });
    else if (value < low || value > high) found.push({ field: id, code: 'out-of-range', low, high });
  }
  if ((draft.vitals.systolic ?? '').trim() !== '' && (draft.vitals.diastolic ?? '').trim() === '')
    found.push({ field: 'systolic', code: 'pair' });
  for (const one of draft.medicines) {
    const field = `medicine:${one.key}` as const;
    if (one.text.trim() === '') found.push({ field, code: 'name' });
    if (!within(one.dose, 0.0001, 100_000)) found.push({ field, code: 'dose' });
    if (!within(one.perDay, 0.01, 24)) found.push({ field, code: 'times' });
    if (!within(one.days, 1, 365)) found.push({ field, code: 'days' });
  }
  if (draft.followUp !== '') {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.followUp)) found.push({ field: 'follow-up', code: 'date' });
    else if (draft.followUp < today) found.push({ field: 'follow-up', code: 'past' });
  }
  if (isBlank(draft)) found.push({ field: 'visit', code: 'blank' });
  return found;
}

/** An empty box is no problem. */
function within(text: string, low: number, high: number): boolean {
  const value = numberIn(text);
  return value === undefined || (value >= low && value <= high);
}
