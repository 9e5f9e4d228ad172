// Who signs in to the demo. Further people of the families have records and cards, and no account.
import type { MemberRole } from '../server/storage/members.ts';
import { people } from './people.ts';

/** Everybody's. Public: the demo refuses to run anywhere but on one's own machine. */
export const demoPassword = 'medallion-demo';

/** Opens the second tier of Asha's card. */
export const demoAccessCode = '482915';

export interface DemoLogin {
  login: string;
  name: string;
  roles: readonly string[];
  /** For the list that is printed. */
  words: string;
  /** Key of the person of the families who signs in with it. */
  person?: string;
  /** Keys of the organisation they work for and of the doctor they are. */
  works?: { at: string; as: MemberRole; doctor?: string };
}

const familyWords: Record<string, string> = {
  'patient@demo': 'Asha Rao, with a rich record and a card',
  '+919000040002': 'Ravi Rao, Asha’s husband: told of each scan of her card',
  'guardian@demo': 'Nikhil Deshpande, guardian of his daughter Ira and of his father Sudhakar',
};

/** Accounts of people who work with records. */
const staff: readonly DemoLogin[] = [
  {
    login: 'doctor@demo',
    name: 'Dr Meera Iyer',
    roles: ['doctor'],
    words: 'Dr Meera Iyer, cardiology, Kaveri General Hospital: Asha has let her in',
    works: { at: 'kaveri', as: 'doctor', doctor: 'meera-iyer' },
  },
  {
    login: 'doctor2@demo',
    name: 'Dr Salim Qureshi',
    roles: ['doctor'],
    words: 'Dr Salim Qureshi, general medicine; he asks Asha, and nobody has allowed him anything',
    works: { at: 'neelkamal', as: 'doctor', doctor: 'salim-qureshi' },
  },
  {
    login: 'desk@demo',
    name: 'Roshni Naik',
    roles: ['desk'],
    words: 'Roshni Naik, front desk, Kaveri General Hospital',
    works: { at: 'kaveri', as: 'desk' },
  },
  {
    login: 'desk2@demo',
    name: 'Imran Shaikh',
    roles: ['desk'],
    words: 'Imran Shaikh, front desk, Kaveri General Hospital: a witness',
    works: { at: 'kaveri', as: 'desk' },
  },
  {
    login: 'nurse@demo',
    name: 'Sunita Pawar',
    roles: ['nurse'],
    words: 'Sunita Pawar, nurse, Kaveri General Hospital',
    works: { at: 'kaveri', as: 'nurse' },
  },
  {
    login: 'radiology@demo',
    name: 'Gautam Menon',
    roles: ['radiology'],
    words: 'Gautam Menon, radiology, Kaveri General Hospital: a CT waits, a chest X-ray is reported',
    works: { at: 'kaveri', as: 'radiology' },
  },
  {
    login: 'records@demo',
    name: 'Nafisa Contractor',
    roles: ['records'],
    words: 'Nafisa Contractor, records officer, Kaveri General Hospital: reviews emergencies',
    works: { at: 'kaveri', as: 'records' },
  },
  {
    login: 'kaveri@demo',
    name: 'Prakash Bhat',
    roles: [],
    words: 'Prakash Bhat, administrator of Kaveri General Hospital alone',
    works: { at: 'kaveri', as: 'administrator' },
  },
  {
    login: 'kaveri-auditor@demo',
    name: 'Usha Deshmukh',
    roles: [],
    words: 'Usha Deshmukh, auditor of Kaveri General Hospital alone',
    works: { at: 'kaveri', as: 'auditor' },
  },
  {
    login: 'leela@demo',
    name: 'Dr Leela Thomas',
    roles: [],
    words: 'Dr Leela Thomas: invited to Kaveri General Hospital, her licence waits for kaveri@demo',
  },
  {
    login: 'neelkamal@demo',
    name: 'Harpreet Gill',
    roles: [],
    words: 'Harpreet Gill, administrator of Neelkamal Hospital alone',
    works: { at: 'neelkamal', as: 'administrator' },
  },
  {
    login: 'neelkamal-desk@demo',
    name: 'Pooja Kale',
    roles: ['desk'],
    words: 'Pooja Kale, front desk, Neelkamal Hospital',
    works: { at: 'neelkamal', as: 'desk' },
  },
  {
    login: 'lab@demo',
    name: 'Vivek Solanki',
    roles: ['laboratory'],
    words: 'Vivek Solanki, Kaveri Diagnostics: orders in every state',
    works: { at: 'kaveri-diagnostics', as: 'laboratory' },
  },
  {
    login: 'pharmacy@demo',
    name: 'Farhan Mistry',
    roles: ['pharmacy'],
    words: 'Farhan Mistry, Mulberry Medicals',
    works: { at: 'mulberry-medicals', as: 'pharmacy' },
  },
  {
    login: 'auditor@demo',
    name: 'Leena Kapadia',
    roles: ['auditor'],
    words: 'Leena Kapadia, auditor of the whole platform',
  },
  {
    login: 'admin@demo',
    name: 'Joseph Lobo',
    roles: ['administrator'],
    words: 'Joseph Lobo, the operator’s administrator: every organisation',
  },
];

export const logins: readonly DemoLogin[] = [
  ...people.flatMap(({ login, name, key, roles = [] }) =>
    login === undefined ? [] : [{ login, name, roles, words: familyWords[login] ?? name, person: key }],
  ),
  ...staff,
].toSorted((a, b) => Number(a.login.startsWith('+')) - Number(b.login.startsWith('+')));
