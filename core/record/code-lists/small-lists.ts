// Short lists: blood groups, organs, relations, routes, disabilities. Words in English and Hindi.
// Codes: SNOMED CT, HL7 v3 RoleCode.

import { snomed, v3RoleCode } from '../code-systems.ts';
import type { Code } from '../facts.ts';
import type { ListEntry } from './code-list.ts';

function entry(
  system: string,
  id: string,
  en: string,
  hi: string,
  codes: readonly string[] = [],
  aliases: readonly string[] = [],
): ListEntry {
  return { id, en, hi, codes: codes.map((code): Code => ({ system, code })), aliases };
}

export type BloodGroupEntry = ListEntry & {
  readonly abo: 'A' | 'B' | 'AB' | 'O';
  readonly rhesus: 'positive' | 'negative';
};

function bloodGroup(
  abo: BloodGroupEntry['abo'],
  rhesus: BloodGroupEntry['rhesus'],
  code: string,
): BloodGroupEntry {
  const sign = rhesus === 'positive' ? '+' : '-';
  const word = rhesus === 'positive' ? 'पॉज़िटिव' : 'नेगेटिव';
  return {
    id: `${abo.toLowerCase()}-${rhesus}`,
    en: `${abo} ${rhesus}`,
    hi: `${abo} ${word}`,
    codes: [{ system: snomed, code }],
    aliases: [`${abo}${sign}`, `${abo} ${rhesus === 'positive' ? 'pos' : 'neg'}`, `${abo} RhD ${rhesus}`],
    abo,
    rhesus,
  };
}

export const bloodGroups: readonly BloodGroupEntry[] = [
  bloodGroup('A', 'positive', '278149003'),
  bloodGroup('A', 'negative', '278152006'),
  bloodGroup('B', 'positive', '278150003'),
  bloodGroup('B', 'negative', '278153001'),
  bloodGroup('AB', 'positive', '278151004'),
  bloodGroup('AB', 'negative', '278154007'),
  bloodGroup('O', 'positive', '278147001'),
  bloodGroup('O', 'negative', '278148006'),
];

export const organs: readonly ListEntry[] = [
  entry(snomed, 'cornea', 'Corneas', 'आँख की पुतली (कॉर्निया)', ['28726007'], ['eyes', 'eye']),
  entry(snomed, 'kidney', 'Kidneys', 'गुर्दे', ['64033007']),
  entry(snomed, 'liver', 'Liver', 'लिवर', ['10200004']),
  entry(snomed, 'heart', 'Heart', 'दिल', ['80891009']),
  entry(snomed, 'lung', 'Lungs', 'फेफड़े', ['39607008']),
  entry(snomed, 'pancreas', 'Pancreas', 'अग्न्याशय', ['15776009']),
  entry(snomed, 'intestine', 'Small bowel', 'छोटी आँत', ['30315005']),
  entry(snomed, 'skin', 'Skin', 'चमड़ी', ['39937001']),
  entry(snomed, 'bone', 'Bone', 'हड्डी', ['272673000']),
  entry(snomed, 'tendon', 'Tendons', 'नसें (टेंडन)', ['13024002']),
  entry(snomed, 'heart-valve', 'Heart valves', 'दिल के वाल्व'),
];

export const relations: readonly ListEntry[] = [
  entry(v3RoleCode, 'husband', 'Husband', 'पति', ['HUSB']),
  entry(v3RoleCode, 'wife', 'Wife', 'पत्नी', ['WIFE']),
  entry(v3RoleCode, 'spouse', 'Husband or wife', 'पति या पत्नी', ['SPS'], ['spouse']),
  entry(v3RoleCode, 'partner', 'Partner', 'साथी', ['DOMPART', 'SIGOTHR'], ['domestic partner']),
  entry(v3RoleCode, 'mother', 'Mother', 'माँ', ['MTH', 'NMTH']),
  entry(v3RoleCode, 'father', 'Father', 'पिता', ['FTH', 'NFTH']),
  entry(v3RoleCode, 'parent', 'Mother or father', 'माता या पिता', ['PRN'], ['parent']),
  entry(v3RoleCode, 'son', 'Son', 'बेटा', ['SON', 'SONC']),
  entry(v3RoleCode, 'daughter', 'Daughter', 'बेटी', ['DAU', 'DAUC']),
  entry(v3RoleCode, 'child', 'Son or daughter', 'बेटा या बेटी', ['CHILD'], ['child']),
  entry(v3RoleCode, 'brother', 'Brother', 'भाई', ['BRO']),
  entry(v3RoleCode, 'sister', 'Sister', 'बहन', ['SIS']),
  entry(v3RoleCode, 'grandmother', 'Grandmother', 'दादी या नानी', ['GRMTH']),
  entry(v3RoleCode, 'grandfather', 'Grandfather', 'दादा या नाना', ['GRFTH']),
  entry(v3RoleCode, 'mother-in-law', 'Mother-in-law', 'सास', ['MTHINLAW']),
  entry(v3RoleCode, 'father-in-law', 'Father-in-law', 'ससुर', ['FTHINLAW']),
  entry(v3RoleCode, 'daughter-in-law', 'Daughter-in-law', 'बहू', ['DAUINLAW']),
  entry(v3RoleCode, 'son-in-law', 'Son-in-law', 'दामाद', ['SONINLAW']),
  entry(v3RoleCode, 'aunt', 'Aunt', 'चाची, मौसी या बुआ', ['AUNT']),
  entry(v3RoleCode, 'uncle', 'Uncle', 'चाचा, मामा या ताऊ', ['UNCLE']),
  entry(v3RoleCode, 'cousin', 'Cousin', 'चचेरा या ममेरा भाई-बहन', ['COUSN']),
  entry(v3RoleCode, 'guardian', 'Guardian', 'अभिभावक', ['GUARD']),
  entry(v3RoleCode, 'family', 'Family', 'परिवार', ['FAMMEMB', 'EXT'], ['relative']),
  entry(v3RoleCode, 'friend', 'Friend', 'दोस्त', ['FRND']),
  entry(v3RoleCode, 'neighbour', 'Neighbour', 'पड़ोसी', ['NBOR']),
  entry(v3RoleCode, 'roommate', 'Flatmate', 'साथ रहने वाला', ['ROOM']),
];

export const routes: readonly ListEntry[] = [
  entry(snomed, 'oral', 'By mouth', 'मुँह से', ['26643006']),
  entry(snomed, 'subcutaneous', 'Injected under the skin', 'चमड़ी के नीचे सुई', ['34206005']),
  entry(snomed, 'intramuscular', 'Injected into the muscle', 'माँसपेशी में सुई', ['78421000']),
  entry(snomed, 'intravenous', 'Into a vein', 'नस में', ['47625008']),
  entry(snomed, 'inhaled', 'Inhaled', 'साँस से', ['447694001']),
  entry(snomed, 'sublingual', 'Under the tongue', 'जीभ के नीचे', ['37839007']),
  entry(snomed, 'skin', 'On the skin', 'चमड़ी पर', ['6064005']),
  entry(snomed, 'patch', 'Patch', 'पट्टी', ['45890007']),
  entry(snomed, 'nose', 'Into the nose', 'नाक में', ['46713006']),
  entry(snomed, 'eye', 'Into the eye', 'आँख में', ['54485002']),
  entry(snomed, 'rectal', 'Into the rectum', 'गुदा में', ['37161004']),
];

export const disabilities: readonly ListEntry[] = [
  entry(
    snomed,
    'deaf',
    'Deaf',
    'सुनाई नहीं देता',
    ['162344009'],
    ['deafness', 'bilateral deafness', 'cannot hear'],
  ),
  entry(
    snomed,
    'hard-of-hearing',
    'Hard of hearing',
    'कम सुनाई देता है',
    ['15188001', '343087000'],
    ['hearing loss', 'partial deafness'],
  ),
  entry(
    snomed,
    'blind',
    'Blind',
    'दिखाई नहीं देता',
    ['65956007'],
    ['blindness', 'legal blindness', 'cannot see'],
  ),
  entry(
    snomed,
    'low-vision',
    'Low vision',
    'कम दिखाई देता है',
    ['397540003', '193722001', '267727004'],
    ['visual impairment'],
  ),
  entry(snomed, 'deafblind', 'Deaf and blind', 'न सुनाई देता है, न दिखाई'),
  entry(snomed, 'no-speech', 'Does not speak', 'बोल नहीं सकते', [], ['mute', 'nonverbal']),
  entry(snomed, 'aphasia', 'Trouble finding words (aphasia)', 'शब्द ढूँढने में मुश्किल (अफ़ेज़िया)', ['87486003']),
  entry(
    snomed,
    'speech',
    'Speech hard to understand',
    'बोली समझना मुश्किल',
    ['29164008', '267095009'],
    ['speech problem'],
  ),
  entry(snomed, 'stammer', 'Stammer', 'हकलाना', ['39423001'], ['stutter', 'stuttering']),
  entry(snomed, 'cannot-walk', 'Cannot walk', 'चल नहीं सकते', ['282145008'], ['wheelchair', 'wheelchair user']),
  entry(
    snomed,
    'reduced-mobility',
    'Walks with difficulty',
    'चलने में मुश्किल',
    ['8510008', '228158008', '82971005'],
    ['locomotor disability', 'walking disability'],
  ),
  entry(snomed, 'paraplegia', 'Paraplegia', 'दोनों पैरों में लकवा', ['60389000']),
  entry(
    snomed,
    'quadriplegia',
    'Paralysed from the neck down',
    'गर्दन से नीचे लकवा',
    ['11538006'],
    ['quadriplegia', 'tetraplegia'],
  ),
  entry(snomed, 'hemiplegia', 'Paralysed on one side', 'एक तरफ़ लकवा', ['50582007'], ['hemiplegia']),
  entry(
    snomed,
    'amputation',
    'Limb missing',
    'हाथ या पैर नहीं',
    ['275530009', '41944006'],
    ['amputee', 'amputation'],
  ),
  entry(snomed, 'cerebral-palsy', 'Cerebral palsy', 'सेरेब्रल पाल्सी', ['128188000']),
  entry(snomed, 'muscular-dystrophy', 'Muscular dystrophy', 'मस्कुलर डिस्ट्रॉफ़ी', ['73297009']),
  entry(snomed, 'intellectual', 'Intellectual disability', 'बौद्धिक दिव्यांगता', [
    '110359009',
    '86765009',
    '40700009',
  ]),
  entry(snomed, 'learning', 'Learning disability', 'सीखने में कठिनाई', ['408468001', '59770006'], ['dyslexia']),
  entry(snomed, 'autism', 'Autism', 'ऑटिज़्म', ['408856003', '408857007'], ['autistic disorder']),
  entry(snomed, 'down-syndrome', 'Down syndrome', 'डाउन सिंड्रोम', ['41040004']),
  entry(snomed, 'leprosy', 'Leprosy cured', 'कुष्ठ रोग से ठीक'),
  entry(snomed, 'dwarfism', 'Short stature', 'छोटा क़द', [], ['dwarfism']),
  entry(snomed, 'acid-attack', 'Acid attack survivor', 'तेज़ाब हमले से बचे'),
];
