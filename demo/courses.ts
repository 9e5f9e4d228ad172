// How a long illness goes on in the demo: who looks after it, what is taken, what is measured, and around which values.
import type { MedicineForm } from '../core/record/forms.ts';
import type { PanelKey } from './panels.ts';
import type { Specialty } from './directory-list.ts';

export interface Course {
  /** Entry of the list of conditions. */
  condition: string;
  words: string;
  specialty: Specialty;
  /** Days from one visit to the next. */
  visitEveryDays: number;
  visitReason: string;
  medicines: readonly MedicineForm[];
  panels: readonly { panel: PanelKey; everyDays: number }[];
  /** Typical pressure at a visit; absent: as healthy people have. */
  pressure?: readonly [systolic: number, diastolic: number];
  /** Oxygen saturation around this is measured at each visit. */
  oxygen?: number;
  /** The person measures their pressure at home. */
  homePressure?: boolean;
}

const day = (times: number) => ({ times, period: 1, unit: 'd' as const });

function medicine(
  listId: string,
  text: string,
  doseText: string,
  more: Partial<MedicineForm> = {},
): MedicineForm {
  return { medicine: { listId, text }, doseText, route: 'oral', frequency: day(1), ...more };
}

const milligrams = (doseValue: number) => ({ doseValue, doseUnit: 'mg' });

export const courses = {
  'type-1-diabetes': {
    condition: 'type-1-diabetes',
    words: 'Type 1 diabetes',
    specialty: 'endocrinology',
    visitEveryDays: 90,
    visitReason: 'Diabetes review',
    medicines: [
      medicine('insulin-glargine', 'Insulin glargine', '18 units at night', {
        doseValue: 18,
        doseUnit: 'units',
        route: 'subcutaneous',
      }),
      medicine('insulin-lispro', 'Insulin lispro', '4 to 6 units with meals', {
        route: 'subcutaneous',
        frequency: day(3),
      }),
    ],
    panels: [
      { panel: 'hba1c', everyDays: 90 },
      { panel: 'lipids', everyDays: 180 },
      { panel: 'kidney', everyDays: 180 },
    ],
  },
  'heart-block': {
    condition: 'heart-block',
    words: 'Complete heart block',
    specialty: 'cardiology',
    visitEveryDays: 60,
    visitReason: 'Pacemaker check',
    medicines: [
      medicine('warfarin', 'Warfarin', '5 mg in the evening', {
        ...milligrams(5),
        reason: 'a clot at the pacemaker lead',
      }),
    ],
    panels: [
      { panel: 'inr', everyDays: 28 },
      { panel: 'blood-count', everyDays: 180 },
    ],
  },
  'type-2-diabetes': {
    condition: 'type-2-diabetes',
    words: 'Type 2 diabetes',
    specialty: 'endocrinology',
    visitEveryDays: 120,
    visitReason: 'Diabetes review',
    medicines: [
      medicine('metformin', 'Metformin', '500 mg with breakfast and dinner', {
        ...milligrams(500),
        frequency: day(2),
      }),
    ],
    panels: [
      { panel: 'hba1c', everyDays: 90 },
      { panel: 'lipids', everyDays: 365 },
      { panel: 'kidney', everyDays: 180 },
    ],
  },
  hypertension: {
    condition: 'hypertension',
    words: 'High blood pressure',
    specialty: 'general-medicine',
    visitEveryDays: 120,
    visitReason: 'Blood pressure review',
    medicines: [medicine('telmisartan', 'Telmisartan', '40 mg in the morning', milligrams(40))],
    panels: [{ panel: 'kidney', everyDays: 365 }],
    pressure: [142, 88],
    homePressure: true,
  },
  'high-cholesterol': {
    condition: 'high-cholesterol',
    words: 'High cholesterol',
    specialty: 'general-medicine',
    visitEveryDays: 180,
    visitReason: 'Review of blood fats',
    medicines: [medicine('atorvastatin', 'Atorvastatin', '10 mg at night', milligrams(10))],
    panels: [{ panel: 'lipids', everyDays: 180 }],
  },
  hypothyroidism: {
    condition: 'hypothyroidism',
    words: 'Underactive thyroid',
    specialty: 'endocrinology',
    visitEveryDays: 180,
    visitReason: 'Thyroid review',
    medicines: [
      medicine('levothyroxine', 'Levothyroxine', '50 mcg before breakfast', {
        doseValue: 50,
        doseUnit: 'mcg',
      }),
    ],
    panels: [{ panel: 'thyroid', everyDays: 180 }],
  },
  asthma: {
    condition: 'asthma',
    words: 'Asthma',
    specialty: 'respiratory-medicine',
    visitEveryDays: 150,
    visitReason: 'Asthma review',
    medicines: [
      medicine('budesonide-inhaled', 'Budesonide inhaler', '1 puff morning and evening', {
        route: 'inhaled',
        frequency: day(2),
      }),
      medicine('salbutamol', 'Salbutamol inhaler', '2 puffs when breathless', {
        route: 'inhaled',
        asNeeded: true,
      }),
    ],
    panels: [],
    oxygen: 97,
  },
  copd: {
    condition: 'copd',
    words: 'COPD',
    specialty: 'respiratory-medicine',
    visitEveryDays: 90,
    visitReason: 'Lung review',
    medicines: [
      medicine('tiotropium', 'Tiotropium', '1 capsule inhaled in the morning', { route: 'inhaled' }),
    ],
    panels: [{ panel: 'blood-count', everyDays: 180 }],
    oxygen: 92,
  },
  'atrial-fibrillation': {
    condition: 'atrial-fibrillation',
    words: 'Atrial fibrillation',
    specialty: 'cardiology',
    visitEveryDays: 90,
    visitReason: 'Heart rhythm review',
    medicines: [
      medicine('apixaban', 'Apixaban', '5 mg morning and evening', { ...milligrams(5), frequency: day(2) }),
    ],
    panels: [
      { panel: 'blood-count', everyDays: 180 },
      { panel: 'kidney', everyDays: 180 },
    ],
  },
  'heart-failure': {
    condition: 'heart-failure',
    words: 'Heart failure',
    specialty: 'cardiology',
    visitEveryDays: 60,
    visitReason: 'Heart failure review',
    medicines: [
      medicine('furosemide', 'Furosemide', '40 mg in the morning', milligrams(40)),
      medicine('bisoprolol', 'Bisoprolol', '2.5 mg in the morning', milligrams(2.5)),
    ],
    panels: [{ panel: 'kidney', everyDays: 90 }],
    pressure: [112, 68],
    oxygen: 95,
  },
  'ischaemic-heart': {
    condition: 'ischaemic-heart',
    words: 'Ischaemic heart disease',
    specialty: 'cardiology',
    visitEveryDays: 120,
    visitReason: 'Heart review',
    medicines: [
      medicine('clopidogrel', 'Clopidogrel', '75 mg after lunch', milligrams(75)),
      medicine('atorvastatin', 'Atorvastatin', '40 mg at night', milligrams(40)),
    ],
    panels: [{ panel: 'lipids', everyDays: 180 }],
  },
  'chronic-kidney': {
    condition: 'chronic-kidney',
    words: 'Chronic kidney disease',
    specialty: 'general-medicine',
    visitEveryDays: 90,
    visitReason: 'Kidney review',
    medicines: [medicine('ramipril', 'Ramipril', '5 mg at night', milligrams(5))],
    panels: [
      { panel: 'kidney-low', everyDays: 60 },
      { panel: 'blood-count', everyDays: 180 },
    ],
    pressure: [136, 84],
  },
  epilepsy: {
    condition: 'epilepsy',
    words: 'Epilepsy',
    specialty: 'neurology',
    visitEveryDays: 180,
    visitReason: 'Epilepsy review',
    medicines: [
      medicine('levetiracetam', 'Levetiracetam', '500 mg morning and evening', {
        ...milligrams(500),
        frequency: day(2),
      }),
    ],
    panels: [],
  },
  migraine: {
    condition: 'migraine',
    words: 'Migraine',
    specialty: 'neurology',
    visitEveryDays: 200,
    visitReason: 'Headache review',
    medicines: [
      medicine('propranolol', 'Propranolol', '20 mg morning and evening', {
        ...milligrams(20),
        frequency: day(2),
      }),
    ],
    panels: [],
  },
  parkinson: {
    condition: 'parkinson',
    words: "Parkinson's disease",
    specialty: 'neurology',
    visitEveryDays: 90,
    visitReason: "Parkinson's review",
    medicines: [
      medicine('levodopa-and-carbidopa', 'Levodopa and carbidopa', '100/25 mg three times a day', {
        frequency: day(3),
        note: 'Never stop suddenly.',
      }),
    ],
    panels: [],
  },
  dementia: {
    condition: 'dementia',
    words: 'Dementia',
    specialty: 'neurology',
    visitEveryDays: 150,
    visitReason: 'Memory review',
    medicines: [medicine('donepezil', 'Donepezil', '5 mg at night', milligrams(5))],
    panels: [],
  },
  'knee-osteoarthritis': {
    condition: 'knee-osteoarthritis',
    words: 'Osteoarthritis of the knee',
    specialty: 'orthopaedics',
    visitEveryDays: 240,
    visitReason: 'Knee pain',
    medicines: [
      medicine('paracetamol', 'Paracetamol', '650 mg when it hurts', { ...milligrams(650), asNeeded: true }),
    ],
    panels: [],
  },
  'rheumatoid-arthritis': {
    condition: 'rheumatoid-arthritis',
    words: 'Rheumatoid arthritis',
    specialty: 'general-medicine',
    visitEveryDays: 90,
    visitReason: 'Joint review',
    medicines: [
      medicine('methotrexate', 'Methotrexate', '10 mg once a week, on Sunday', {
        ...milligrams(10),
        frequency: { times: 1, period: 1, unit: 'wk' },
      }),
      medicine('folic-acid', 'Folic acid', '5 mg on Tuesday', {
        ...milligrams(5),
        frequency: { times: 1, period: 1, unit: 'wk' },
      }),
    ],
    panels: [{ panel: 'blood-count', everyDays: 90 }],
  },
  gout: {
    condition: 'gout',
    words: 'Gout',
    specialty: 'general-medicine',
    visitEveryDays: 200,
    visitReason: 'Gout review',
    medicines: [medicine('allopurinol', 'Allopurinol', '100 mg after lunch', milligrams(100))],
    panels: [],
  },
  'allergic-rhinitis': {
    condition: 'allergic-rhinitis',
    words: 'Allergic rhinitis',
    specialty: 'general-medicine',
    visitEveryDays: 300,
    visitReason: 'Sneezing and blocked nose',
    medicines: [
      medicine('cetirizine', 'Cetirizine', '10 mg at night when needed', {
        ...milligrams(10),
        asNeeded: true,
      }),
    ],
    panels: [],
  },
  anaemia: {
    condition: 'anaemia',
    words: 'Anaemia',
    specialty: 'general-medicine',
    visitEveryDays: 120,
    visitReason: 'Tiredness',
    medicines: [medicine('iron-tablets', 'Iron tablets', '1 tablet after lunch')],
    panels: [{ panel: 'blood-count-low', everyDays: 90 }],
  },
  'breast-cancer': {
    condition: 'breast-cancer',
    words: 'Breast cancer',
    specialty: 'general-medicine',
    visitEveryDays: 90,
    visitReason: 'Follow-up after treatment',
    medicines: [medicine('tamoxifen', 'Tamoxifen', '20 mg in the morning', milligrams(20))],
    panels: [{ panel: 'blood-count', everyDays: 90 }],
  },
  g6pd: {
    condition: 'g6pd',
    words: 'G6PD deficiency',
    specialty: 'paediatrics',
    visitEveryDays: 300,
    visitReason: 'Yearly review',
    medicines: [],
    panels: [{ panel: 'blood-count', everyDays: 300 }],
  },
  'haemophilia-a': {
    condition: 'haemophilia-a',
    words: 'Haemophilia A',
    specialty: 'paediatrics',
    visitEveryDays: 90,
    visitReason: 'Haemophilia review',
    medicines: [
      medicine('factor-viii', 'Factor VIII', '1000 units into a vein, Monday, Wednesday, Friday', {
        route: 'intravenous',
        frequency: { times: 3, period: 1, unit: 'wk' },
      }),
    ],
    panels: [{ panel: 'blood-count', everyDays: 180 }],
  },
  'sickle-cell': {
    condition: 'sickle-cell',
    words: 'Sickle cell disease',
    specialty: 'general-medicine',
    visitEveryDays: 100,
    visitReason: 'Sickle cell review',
    medicines: [
      medicine('hydroxycarbamide', 'Hydroxycarbamide', '500 mg in the morning', milligrams(500)),
      medicine('folic-acid', 'Folic acid', '5 mg in the morning', milligrams(5)),
    ],
    panels: [{ panel: 'blood-count-low', everyDays: 90 }],
  },
} as const satisfies Record<string, Course>;

export type CourseKey = keyof typeof courses;

export function courseOf(key: CourseKey): Course {
  return courses[key];
}
