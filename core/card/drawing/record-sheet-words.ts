// The fixed words of the printed record, in English and Hindi: plain names of groups, what the codes do.
import type { RecordGroup } from '../../summary/record-lines.ts';
import type { CardLanguage } from './labels.ts';

type Words = Record<CardLanguage, string>;

export const groupTitles: Record<RecordGroup, Words> = {
  person: { en: 'Who', hi: 'कौन' },
  allergies: { en: 'Allergies', hi: 'एलर्जी' },
  problems: { en: 'Conditions', hi: 'बीमारियाँ' },
  medications: { en: 'Medicines', hi: 'दवाएँ' },
  immunizations: { en: 'Vaccinations', hi: 'टीके' },
  results: { en: 'Results', hi: 'जाँच के नतीजे' },
  'vital-signs': { en: 'Measurements', hi: 'माप' },
  procedures: { en: 'Operations and procedures', hi: 'ऑपरेशन और इलाज' },
  visits: { en: 'Visits', hi: 'मुलाक़ातें' },
  devices: { en: 'Implants and devices', hi: 'शरीर में लगे उपकरण' },
  pregnancy: { en: 'Pregnancy', hi: 'गर्भ' },
  function: { en: 'Disabilities and help needed', hi: 'विकलांगता और मदद की ज़रूरत' },
  'social-history': { en: 'Living', hi: 'रहन-सहन' },
  'past-problems': { en: 'Former conditions', hi: 'पुरानी बीमारियाँ' },
  plan: { en: 'Plans', hi: 'आगे की योजना' },
  alerts: { en: 'Alerts', hi: 'चेतावनियाँ' },
  directives: { en: 'Wishes and consents', hi: 'इच्छाएँ और सहमतियाँ' },
  documents: { en: 'Documents', hi: 'दस्तावेज़' },
  people: { en: 'People', hi: 'लोग' },
  other: { en: 'Other entries', hi: 'बाक़ी प्रविष्टियाँ' },
};

export const recordSheetWords = {
  title: { en: 'The whole record', hi: 'पूरा रिकॉर्ड' },
  summary: { en: '{count} entries as they stood on {date}', hi: '{count} प्रविष्टियाँ, {date} को जैसी थीं' },
  partly: {
    en: 'Printed by {name}: only what they may see, not the whole record',
    hi: '{name} ने छापा: केवल वही जो वे देख सकते हैं, पूरा रिकॉर्ड नहीं',
  },
  tooLarge: {
    en: 'It has more than 2,000 entries. Nothing was printed. Close this page and take the record away as a file instead.',
    hi: 'इसमें 2,000 से ज़्यादा प्रविष्टियाँ हैं। कुछ नहीं छपा। यह पेज बंद कीजिए और रिकॉर्ड को फ़ाइल के रूप में ले जाइए।',
  },
  tooLargeTitle: {
    en: 'This record is too large for paper',
    hi: 'यह रिकॉर्ड काग़ज़ के लिए बहुत बड़ा है',
  },
  codes: {
    en: 'Each code leads to the proof that this entry stands in the public log. Check that the address begins with {host}/v/. The code shows nothing of the record to a stranger.',
    hi: 'हर कोड इस बात के सबूत तक ले जाता है कि यह प्रविष्टि खुले लॉग में है। देखें कि पता {host}/v/ से शुरू हो। अजनबी को कोड रिकॉर्ड का कुछ नहीं दिखाता।',
  },
  place: { en: 'Log entry {index}, version {version}', hi: 'लॉग प्रविष्टि {index}, संस्करण {version}' },
  waiting: { en: 'Version {version}, not in the log yet', hi: 'संस्करण {version}, अभी लॉग में नहीं' },
  empty: { en: 'Nothing is recorded.', hi: 'कुछ दर्ज नहीं।' },
} as const satisfies Record<string, Words>;
