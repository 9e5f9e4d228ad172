// Why people come, and what is done with them, by the words that people say. Codes: SNOMED CT.
import { snomed } from '../code-systems.ts';
import type { ListEntry } from './code-list.ts';

type Row = readonly [en: string, hi: string, ...codes: string[]];

const entriesOf = (rows: readonly Row[]): readonly ListEntry[] =>
  rows.map(([en, hi, ...codes]) => ({
    id: codes[0] ?? en,
    en,
    hi,
    codes: codes.map((code) => ({ system: snomed, code })),
    aliases: [],
  }));

export const visits = entriesOf([
  ['Check-up', 'सामान्य जाँच', '185349003'],
  ['Visit for a complaint', 'तकलीफ़ के लिए मुलाक़ात', '185345009'],
  ['Visit for a problem', 'किसी समस्या के लिए मुलाक़ात', '185347001'],
  ['Treatment without a stay', 'बिना भर्ती हुए इलाज', '371883000'],
  ['Emergency room', 'इमरजेंसी में आना', '50849002'],
  ['Visit in pregnancy', 'गर्भावस्था की जाँच', '424619006'],
  ['First visit in pregnancy', 'गर्भावस्था की पहली जाँच', '424441002'],
  ['Visit after the birth', 'जन्म के बाद की जाँच', '169762003'],
  ['Consultation about treatment', 'इलाज के बारे में सलाह', '698314001'],
  ['Visit at the clinic', 'क्लिनिक में मुलाक़ात', '316744009'],
  ['Emergency stay for a birth', 'प्रसव के लिए इमरजेंसी भर्ती', '183460006'],
]);

export const procedures = entriesOf([
  ['List of medicines taken down', 'दवाओं की सूची लिखी गई', '428191000124101'],
  ['Colonoscopy', 'कोलोनोस्कोपी', '73761001'],
  ['Spirometry', 'स्पाइरोमेट्री (फेफड़ों की जाँच)', '127783003'],
  ['Test of breathing', 'साँस की जाँच', '23426006'],
  ['Throat culture', 'गले का कल्चर', '117015009'],
  ['Urine culture', 'पेशाब का कल्चर', '117010004'],
  ['Pregnancy test', 'गर्भ की जाँच', '252160004'],
  ['Immunotherapy under the skin', 'त्वचा के नीचे इम्यूनोथेरेपी', '180256009'],
  ['Screening for depression', 'अवसाद की जाँच', '171207006'],
]);
