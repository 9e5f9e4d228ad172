// Vaccines people have had. Codes: CVX (CDC). Tetanus first: it is the one a wound asks for.

import { cvx } from '../code-systems.ts';
import type { ListEntry } from './code-list.ts';

export type VaccineEntry = ListEntry & { readonly tetanus: boolean };

function vaccine(
  id: string,
  en: string,
  hi: string,
  codes: readonly string[],
  aliases: readonly string[] = [],
  tetanus = false,
): VaccineEntry {
  return { id, en, hi, codes: codes.map((code) => ({ system: cvx, code })), aliases, tetanus };
}

export const vaccines: readonly VaccineEntry[] = [
  vaccine('tetanus', 'Tetanus', 'टिटनेस', ['112', '35', '142'], ['tt', 'tetanus toxoid'], true),
  vaccine(
    'td',
    'Tetanus and diphtheria (Td)',
    'टिटनेस और डिप्थीरिया (Td)',
    ['196', '09', '113', '138', '139'],
    ['td'],
    true,
  ),
  vaccine(
    'tdap',
    'Tetanus, diphtheria, whooping cough (Tdap)',
    'टिटनेस, डिप्थीरिया, काली खाँसी (Tdap)',
    ['115'],
    ['tdap'],
    true,
  ),
  vaccine('dtp', 'DTP', 'डीपीटी', ['01', '20', '107', '106'], ['dpt', 'dtap', 'diphtheria'], true),
  vaccine(
    'pentavalent',
    'Pentavalent (DTP, hepatitis B, Hib)',
    'पेंटावैलेंट',
    ['198', '102'],
    ['pentavalent'],
    true,
  ),
  vaccine('covid-19', 'COVID-19', 'कोविड-19', ['213', '500'], ['corona']),
  vaccine(
    'covishield',
    'COVID-19 (Covishield, AstraZeneca)',
    'कोविड-19 (कोविशील्ड)',
    ['210'],
    ['covishield', 'astrazeneca'],
  ),
  vaccine('covaxin', 'COVID-19 (Covaxin)', 'कोविड-19 (कोवैक्सीन)', ['502'], ['covaxin']),
  vaccine('corbevax', 'COVID-19 (Corbevax)', 'कोविड-19 (कॉर्बेवैक्स)', ['517'], ['corbevax']),
  vaccine('sputnik', 'COVID-19 (Sputnik V)', 'कोविड-19 (स्पुतनिक)', ['505'], ['sputnik']),
  vaccine('covid-pfizer', 'COVID-19 (Pfizer)', 'कोविड-19 (फ़ाइज़र)', ['208', '217', '309'], ['comirnaty']),
  vaccine('covid-moderna', 'COVID-19 (Moderna)', 'कोविड-19 (मॉडर्ना)', ['207', '312'], ['spikevax']),
  vaccine('influenza', 'Flu', 'फ़्लू', ['88', '140', '150', '141', '158'], ['influenza']),
  vaccine('rabies', 'Rabies', 'रेबीज़ (कुत्ते का काटना)', ['90', '175', '176', '40'], ['dog bite']),
  vaccine('hepatitis-b', 'Hepatitis B', 'हेपेटाइटिस बी', ['45', '08', '43']),
  vaccine('hepatitis-a', 'Hepatitis A', 'हेपेटाइटिस ए', ['85', '83', '52']),
  vaccine('bcg', 'BCG', 'बीसीजी', ['19'], ['tuberculosis']),
  vaccine('polio-oral', 'Polio drops (OPV)', 'पोलियो की बूँदें', ['182', '178', '02'], ['opv']),
  vaccine('polio-injected', 'Polio injection (IPV)', 'पोलियो की सुई', ['10', '324'], ['ipv']),
  vaccine('mmr', 'Measles, mumps, rubella (MMR)', 'ख़सरा, गलसुआ, रूबेला (MMR)', ['03'], ['mmr']),
  vaccine('measles-rubella', 'Measles and rubella (MR)', 'ख़सरा और रूबेला (MR)', ['04'], ['mr']),
  vaccine('measles', 'Measles', 'ख़सरा', ['05']),
  vaccine('varicella', 'Chickenpox', 'चेचक (छोटी माता)', ['21'], ['varicella']),
  vaccine('rotavirus', 'Rotavirus', 'रोटावायरस', ['122', '119', '116']),
  vaccine(
    'pneumococcal',
    'Pneumococcal',
    'न्यूमोकोकल',
    ['109', '133', '33', '152', '215', '216', '177'],
    ['pneumonia', 'pcv'],
  ),
  vaccine('hib', 'Hib', 'हिब', ['17', '48', '49']),
  vaccine('meningococcal', 'Meningococcal', 'मेनिंगोकोकल', ['167', '108', '114', '147', '136'], ['meningitis']),
  vaccine('hpv', 'HPV', 'एचपीवी', ['137', '165', '62', '118'], ['cervical cancer']),
  vaccine('typhoid', 'Typhoid', 'टाइफ़ाइड', ['91', '190', '101', '25']),
  vaccine('cholera', 'Cholera', 'हैज़ा', ['26', '172', '173', '174']),
  vaccine('japanese-encephalitis', 'Japanese encephalitis', 'जापानी बुख़ार', ['129', '134', '39']),
  vaccine('yellow-fever', 'Yellow fever', 'पीला बुख़ार', ['184', '37']),
  vaccine('zoster', 'Shingles', 'हर्पीज़ ज़ोस्टर', ['188', '121', '187'], ['zoster']),
  vaccine('rsv', 'RSV', 'आरएसवी', ['314', '304', '303', '305']),
];
