// What laboratories of the demo have before them: an order in each state in which one can be, with what was found. Data alone.
import type { Code } from '../core/record/facts.ts';
import { loinc } from '../core/record/code-systems.ts';
import { form as glucose } from '../core/forms/shipped/glucose.ts';
import { form as haematology } from '../core/forms/shipped/haematology.ts';
import { form as lipids } from '../core/forms/shipped/lipids.ts';
import { form as electrolytes } from '../core/forms/shipped/electrolytes.ts';
import type { Form } from '../core/forms/form.ts';
import { codeOf } from '../core/record/code-lists/examinations.ts';

type Values = Readonly<Record<string, number>>;

/** How far it is. What comes later has passed what comes before. */
export type DemoStep =
  | 'unsent'
  | 'ordered'
  | 'accepted'
  | 'declined'
  | 'sampled'
  | 'entered'
  | 'signed'
  | 'acknowledged'
  | 'corrected'
  | 'cancelled';

export interface DemoOrder {
  key: string;
  /** Key of the person of the families. */
  person: string;
  words: string;
  codes: readonly Code[];
  /** Key of the organisation it goes to; absent: its person chooses. */
  at?: string;
  urgent?: true;
  step: DemoStep;
  form?: Form;
  values?: Values;
  /** What the correction says instead. */
  corrected?: Values;
  ranges?: Readonly<Record<string, object>>;
  conclusion?: string;
  /** Pictures come with it. */
  pictures?: true;
}

const panel = (
  form: Form,
  code?: readonly [string, string],
): Pick<DemoOrder, 'words' | 'codes' | 'form'> => ({
  form,
  words: form.words[0],
  codes: code === undefined ? [] : [{ system: loinc, code: code[0], display: code[1] }],
});
const salts = panel(electrolytes);
const count = panel(haematology, ['58410-2', 'CBC panel - Blood by Automated count']);
const fats = panel(lipids, ['24331-1', 'Lipid 1996 panel - Serum or Plasma']);
const sugar = panel(glucose);
const kaveri = 'kaveri-diagnostics';

export const demoOrders: readonly DemoOrder[] = [
  { key: 'new-urgent', person: 'asha-rao', ...salts, at: kaveri, urgent: true, step: 'ordered' },
  { key: 'new', person: 'geetha-nair', ...sugar, at: kaveri, step: 'ordered' },
  { key: 'unsent', person: 'asha-rao', ...fats, step: 'unsent' },
  {
    key: 'unsent-picture',
    person: 'asha-rao',
    words: 'Ultrasound of the abdomen',
    codes: codeOf('ultrasound-abdomen'),
    step: 'unsent',
  },
  { key: 'accepted', person: 'prakash-nair', ...fats, at: kaveri, step: 'accepted' },
  { key: 'declined', person: 'asha-rao', words: 'Vitamin D', codes: [], at: kaveri, step: 'declined' },
  { key: 'sampled', person: 'ravi-rao', ...count, at: kaveri, step: 'sampled' },
  {
    key: 'entered',
    person: 'lata-rao',
    ...sugar,
    at: kaveri,
    step: 'entered',
    values: { fasting: 118, hba1c: 6.9 },
    ranges: { fasting: { low: 70, high: 100, method: 'Hexokinase' } },
  },
  {
    key: 'critical',
    person: 'venkat-subramanian',
    ...salts,
    at: kaveri,
    urgent: true,
    step: 'signed',
    values: { sodium: 131, potassium: 6.8, creatinine: 3.4, urea: 98 },
    conclusion: 'Not haemolysed. Repeated on a second sample.',
  },
  {
    key: 'released',
    person: 'asha-rao',
    ...count,
    at: kaveri,
    step: 'acknowledged',
    values: { haemoglobin: 11.4, haematocrit: 35, platelets: 244 },
    ranges: { haemoglobin: { low: 12, high: 15, method: 'Cyanide-free photometry' } },
  },
  {
    key: 'corrected',
    person: 'asha-rao',
    ...sugar,
    at: kaveri,
    step: 'corrected',
    values: { fasting: 196 },
    corrected: { fasting: 96 },
    conclusion: 'Measured again: the first value was of another tube.',
  },
  { key: 'cancelled', person: 'padma-subramanian', ...fats, at: kaveri, step: 'cancelled' },
  {
    key: 'chest',
    person: 'asha-rao',
    words: 'Chest X-ray',
    codes: codeOf('chest-x-ray'),
    at: 'kaveri',
    step: 'acknowledged',
    pictures: true,
    conclusion: 'Heart of usual size. Metallic valve in place. No consolidation, no effusion.',
  },
  {
    key: 'head',
    person: 'karthik-subramanian',
    words: 'CT of the head',
    codes: codeOf('ct-head'),
    at: 'kaveri',
    step: 'ordered',
  },
];
