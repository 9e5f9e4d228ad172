// Who is allergic to one medicine and must not have another of its kind, as data. The same ingredient needs no rule.
import type { PairRule } from './rules.ts';
import { sources } from './sources.ts';

const { labels, betaLactams } = sources;

/** `one`: what somebody is allergic to. `other`: what they are to be given. */
export const crossReactions: readonly PairRule[] = [
  {
    id: 'allergy-penicillins',
    severity: 'severe',
    one: ['penicillin'],
    other: ['penicillin'],
    words: 'An allergy to a penicillin is recorded, and this is a penicillin.',
    source: betaLactams,
  },
  {
    id: 'allergy-cephalosporins',
    severity: 'severe',
    one: ['cephalosporin'],
    other: ['cephalosporin'],
    words: 'An allergy to a cephalosporin is recorded, and this is a cephalosporin.',
    source: labels,
  },
  {
    id: 'allergy-amino-side-chain',
    severity: 'moderate',
    one: ['amino-side-chain', 'penicillin'],
    other: ['amino-side-chain'],
    words: 'An allergy to a penicillin or cephalosporin is recorded, and this one has a similar side chain.',
    source: betaLactams,
  },
  {
    id: 'allergy-carbapenems',
    severity: 'severe',
    one: ['carbapenem'],
    other: ['carbapenem'],
    words: 'An allergy to a carbapenem is recorded, and this is a carbapenem.',
    source: labels,
  },
  {
    id: 'allergy-sulfonamides',
    severity: 'severe',
    one: ['sulfonamide'],
    other: ['sulfonamide'],
    words: 'An allergy to sulfa medicines is recorded, and this is one.',
    source: labels,
  },
  {
    id: 'allergy-nsaids',
    severity: 'severe',
    one: ['nsaid', 'cox-1-nsaid', 'salicylate'],
    other: ['cox-1-nsaid', 'salicylate'],
    words: 'An allergy to aspirin or a painkiller of its kind is recorded, and this is one of the kind.',
    source: labels,
  },
  {
    id: 'allergy-macrolides',
    severity: 'severe',
    one: ['macrolide'],
    other: ['macrolide'],
    words: 'An allergy to a macrolide is recorded, and this is a macrolide.',
    source: labels,
  },
  {
    id: 'allergy-fluoroquinolones',
    severity: 'severe',
    one: ['fluoroquinolone'],
    other: ['fluoroquinolone'],
    words: 'An allergy to a quinolone is recorded, and this is a quinolone.',
    source: labels,
  },
  {
    id: 'allergy-tetracyclines',
    severity: 'severe',
    one: ['tetracycline'],
    other: ['tetracycline'],
    words: 'An allergy to a tetracycline is recorded, and this is a tetracycline.',
    source: labels,
  },
  {
    id: 'allergy-aminoglycosides',
    severity: 'severe',
    one: ['aminoglycoside'],
    other: ['aminoglycoside'],
    words: 'An allergy to an aminoglycoside is recorded, and this is one.',
    source: labels,
  },
  {
    id: 'allergy-ace-inhibitors',
    severity: 'severe',
    one: ['ace-inhibitor'],
    other: ['ace-inhibitor', 'sacubitril'],
    words: 'A reaction to an ACE inhibitor is recorded, and this may cause the same swelling.',
    source: labels,
  },
  {
    id: 'allergy-antiepileptics',
    severity: 'moderate',
    one: ['aromatic-antiepileptic'],
    other: ['aromatic-antiepileptic'],
    words: 'A reaction to a medicine against seizures is recorded, and this one is built alike.',
    source: labels,
  },
  {
    id: 'allergy-opioids',
    severity: 'moderate',
    one: ['codeine-like'],
    other: ['codeine-like'],
    words: 'A reaction to an opioid is recorded, and this one is built alike.',
    source: labels,
  },
];
