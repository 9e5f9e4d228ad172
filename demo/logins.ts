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
    words: 'Dr Meera Iyer, cardiology, Kaveri General Hospital',
    works: { at: 'kaveri', as: 'doctor', doctor: 'meera-iyer' },
  },
  {
    login: 'doctor2@demo',
    name: 'Dr Salim Qureshi',
    roles: ['doctor'],
    words: 'Dr Salim Qureshi, general medicine; nobody has allowed him anything',
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
    login: 'lab@demo',
    name: 'Vivek Solanki',
    roles: ['laboratory'],
    words: 'Vivek Solanki, Kaveri Diagnostics',
  },
  {
    login: 'pharmacy@demo',
    name: 'Farhan Mistry',
    roles: ['pharmacy'],
    words: 'Farhan Mistry, Mulberry Medicals',
  },
  { login: 'auditor@demo', name: 'Leena Kapadia', roles: ['auditor'], words: 'Leena Kapadia, auditor' },
  { login: 'admin@demo', name: 'Joseph Lobo', roles: ['administrator'], words: 'Joseph Lobo, administrator' },
];

export const logins: readonly DemoLogin[] = [
  ...people.flatMap(({ login, name, key, roles = [] }) =>
    login === undefined ? [] : [{ login, name, roles, words: familyWords[login] ?? name, person: key }],
  ),
  ...staff,
].toSorted((a, b) => Number(a.login.startsWith('+')) - Number(b.login.startsWith('+')));
