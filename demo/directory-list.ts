// Who works where in the demo: hospitals, laboratories, pharmacies, blood banks and doctors. Invented, all of them.
import type { CityKey } from './places.ts';

export type OrganizationKind = 'hospital' | 'laboratory' | 'pharmacy' | 'blood-bank';

export interface DemoOrganization {
  key: string;
  kind: OrganizationKind;
  name: string;
  city: CityKey;
  street: string;
  /** Serial of its telephone number. */
  phone: number;
  /** Opening hours of every day; absent: day and night. */
  hours?: readonly [opens: string, closes: string];
}

export const organizations: readonly DemoOrganization[] = [
  {
    key: 'kaveri',
    kind: 'hospital',
    name: 'Kaveri General Hospital',
    city: 'bengaluru',
    street: '1 Honge Avenue',
    phone: 9001,
  },
  {
    key: 'neelkamal',
    kind: 'hospital',
    name: 'Neelkamal Hospital',
    city: 'pune',
    street: '40 Kadamb Path',
    phone: 9002,
  },
  {
    key: 'hooghly',
    kind: 'hospital',
    name: 'Hooghly Riverside Hospital',
    city: 'kolkata',
    street: '7 Paper Boat Street',
    phone: 9003,
  },
  {
    key: 'kaveri-diagnostics',
    kind: 'laboratory',
    name: 'Kaveri Diagnostics',
    city: 'bengaluru',
    street: '3 Honge Avenue',
    phone: 9011,
    hours: ['07:00', '20:00'],
  },
  {
    key: 'purva-path',
    kind: 'laboratory',
    name: 'Purva Path Laboratory',
    city: 'kolkata',
    street: '9 Paper Boat Street',
    phone: 9012,
    hours: ['07:00', '19:00'],
  },
  {
    key: 'mulberry-medicals',
    kind: 'pharmacy',
    name: 'Mulberry Medicals',
    city: 'bengaluru',
    street: '22 Old Mulberry Road',
    phone: 9021,
    hours: ['08:00', '22:00'],
  },
  {
    key: 'parijat-pharmacy',
    kind: 'pharmacy',
    name: 'Parijat Pharmacy',
    city: 'pune',
    street: '5 Parijat Colony',
    phone: 9022,
    hours: ['09:00', '21:30'],
  },
  {
    key: 'gulmohar-store',
    kind: 'pharmacy',
    name: 'Gulmohar Medical Store',
    city: 'lucknow',
    street: '14 Gulmohar Gali',
    phone: 9023,
    hours: ['09:00', '22:00'],
  },
  {
    key: 'lantern-chemists',
    kind: 'pharmacy',
    name: 'Lantern Street Chemists',
    city: 'chennai',
    street: '31 Second Lantern Street',
    phone: 9024,
    hours: ['08:30', '22:30'],
  },
  {
    key: 'honge-blood',
    kind: 'blood-bank',
    name: 'Honge Voluntary Blood Centre',
    city: 'bengaluru',
    street: '8 Honge Avenue',
    phone: 9031,
  },
  {
    key: 'kadamb-blood',
    kind: 'blood-bank',
    name: 'Kadamb Blood Centre',
    city: 'pune',
    street: '44 Kadamb Path',
    phone: 9032,
  },
];

/** SNOMED CT codes of specialties. */
export const specialties = {
  'general-medicine': ['394802001', 'General medicine'],
  cardiology: ['394579002', 'Cardiology'],
  endocrinology: ['394583002', 'Endocrinology'],
  paediatrics: ['394537008', 'Paediatrics'],
  obstetrics: ['394585009', 'Obstetrics and gynaecology'],
  orthopaedics: ['394801008', 'Trauma and orthopaedics'],
  neurology: ['394591006', 'Neurology'],
  'respiratory-medicine': ['418112009', 'Respiratory medicine'],
} as const satisfies Record<string, readonly [code: string, words: string]>;

export type Specialty = keyof typeof specialties;

export interface DemoDoctor {
  key: string;
  name: string;
  sex: 'male' | 'female';
  specialty: Specialty;
  hospital: string;
  languages: readonly string[];
}

export const doctors: readonly DemoDoctor[] = [
  {
    key: 'meera-iyer',
    name: 'Dr Meera Iyer',
    sex: 'female',
    specialty: 'cardiology',
    hospital: 'kaveri',
    languages: ['en', 'ta', 'kn'],
  },
  {
    key: 'leela-thomas',
    name: 'Dr Leela Thomas',
    sex: 'female',
    specialty: 'endocrinology',
    hospital: 'kaveri',
    languages: ['en', 'ml', 'kn'],
  },
  {
    key: 'shobha-hegde',
    name: 'Dr Shobha Hegde',
    sex: 'female',
    specialty: 'general-medicine',
    hospital: 'kaveri',
    languages: ['kn', 'en', 'hi'],
  },
  {
    key: 'tanvi-bhandari',
    name: 'Dr Tanvi Bhandari',
    sex: 'female',
    specialty: 'respiratory-medicine',
    hospital: 'kaveri',
    languages: ['hi', 'en'],
  },
  {
    key: 'nelson-pereira',
    name: 'Dr Nelson Pereira',
    sex: 'male',
    specialty: 'neurology',
    hospital: 'kaveri',
    languages: ['en', 'kok', 'kn'],
  },
  {
    key: 'revathi-pillai',
    name: 'Dr Revathi Pillai',
    sex: 'female',
    specialty: 'paediatrics',
    hospital: 'kaveri',
    languages: ['ml', 'ta', 'en'],
  },
  {
    key: 'salim-qureshi',
    name: 'Dr Salim Qureshi',
    sex: 'male',
    specialty: 'general-medicine',
    hospital: 'neelkamal',
    languages: ['ur', 'hi', 'mr', 'en'],
  },
  {
    key: 'vandana-joglekar',
    name: 'Dr Vandana Joglekar',
    sex: 'female',
    specialty: 'paediatrics',
    hospital: 'neelkamal',
    languages: ['mr', 'hi', 'en'],
  },
  {
    key: 'jasbir-dhaliwal',
    name: 'Dr Jasbir Dhaliwal',
    sex: 'male',
    specialty: 'orthopaedics',
    hospital: 'neelkamal',
    languages: ['pa', 'hi', 'en'],
  },
  {
    key: 'kunal-lahiri',
    name: 'Dr Kunal Lahiri',
    sex: 'male',
    specialty: 'general-medicine',
    hospital: 'hooghly',
    languages: ['bn', 'en', 'hi'],
  },
  {
    key: 'ishita-sarkar',
    name: 'Dr Ishita Sarkar',
    sex: 'female',
    specialty: 'obstetrics',
    hospital: 'hooghly',
    languages: ['bn', 'en'],
  },
  {
    key: 'tarun-baruah',
    name: 'Dr Tarun Baruah',
    sex: 'male',
    specialty: 'cardiology',
    hospital: 'hooghly',
    languages: ['as', 'bn', 'en'],
  },
];

/** The doctor of a specialty, in the person's own hospital where it has one. */
export function doctorFor(specialty: Specialty, hospital: string): DemoDoctor {
  const able = doctors.filter((one) => one.specialty === specialty);
  return (able.find((one) => one.hospital === hospital) ?? able[0]) as DemoDoctor;
}

/** The laboratory that works for a hospital. */
export function laboratoryFor(hospital: string): DemoOrganization {
  const key = hospital === 'hooghly' ? 'purva-path' : 'kaveri-diagnostics';
  return organizationOf(key);
}

export function organizationOf(key: string): DemoOrganization {
  const found = organizations.find((one) => one.key === key);
  if (!found) throw new Error(`no organisation has the key ${key}`);
  return found;
}
