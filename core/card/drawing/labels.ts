// The fixed words of a card in English and Hindi, in either order. Plain words, because a stranger reads them in a hurry.
import type { CardLabels, Phrase } from './card-face.ts';

type PhraseKey = Exclude<keyof CardLabels, 'firstLanguage' | 'secondLanguage'>;
export type CardLanguage = 'en' | 'hi';

const WORDS: Record<PhraseKey, Record<CardLanguage, string>> = {
  emergencyCard: { en: 'Emergency card', hi: 'आपातकालीन कार्ड' },
  scanForMore: { en: 'Scan for more', hi: 'स्कैन करके जानें' },
  danger: { en: 'Danger', hi: 'ख़तरा' },
  andMoreScan: { en: 'and {n} more, scan', hi: 'और {n}, स्कैन करें' },
  scanForReason: { en: 'Scan for what to do.', hi: 'क्या करें, स्कैन करके देखें।' },
  dangersTooLong: { en: '{n} recorded, too long to print. Scan.', hi: '{n} दर्ज हैं, छपने में नहीं आए। स्कैन करें।' },
  noDangersRecorded: { en: 'No dangers recorded, {date}', hi: 'कोई ख़तरा दर्ज नहीं, {date}' },
  notRecordedIsNotNone: {
    en: 'Not recorded does not mean there are none.',
    hi: 'दर्ज न होने का मतलब यह नहीं कि ख़तरा नहीं है।',
  },
  dangersWithheld: { en: 'Dangers are not shown on this card', hi: 'ख़तरे इस कार्ड पर नहीं दिखाए गए' },
  nameGoesOn: { en: 'The name goes on, scan', hi: 'पूरा नाम स्कैन करके देखें' },
  blood: { en: 'Blood', hi: 'ख़ून' },
  bloodNotRecorded: { en: 'Blood group not recorded', hi: 'ब्लड ग्रुप दर्ज नहीं' },
  bloodWithheld: { en: 'Blood group withheld', hi: 'ब्लड ग्रुप नहीं दिखाया गया' },
  bloodDiffers: {
    en: 'Blood groups differ: {groups}. Type again.',
    hi: 'ब्लड ग्रुप अलग-अलग: {groups}। फिर जाँचें।',
  },
  callFirst: { en: 'Call first', hi: 'पहले फ़ोन करें' },
  noContactsRecorded: { en: 'No contacts recorded', hi: 'कोई संपर्क दर्ज नहीं' },
  contactsWithheld: { en: 'Contacts are not shown on this card', hi: 'संपर्क इस कार्ड पर नहीं दिखाए गए' },
  moreContactsScan: { en: 'and {n} more, scan', hi: 'और {n}, स्कैन करें' },
  doctor: { en: 'Doctor', hi: 'डॉक्टर' },
  doctorNotRecorded: { en: 'Not recorded', hi: 'दर्ज नहीं' },
  ifFound: { en: 'If you find this card', hi: 'अगर यह कार्ड मिले' },
  ifFoundText: {
    en: 'It opens no account. Hand it in at any hospital desk.',
    hi: 'इससे कोई खाता नहीं खुलता। किसी भी अस्पताल के काउंटर पर दे दें।',
  },
  codeOpens: { en: 'The code opens {host}', hi: 'कोड {host} खोलता है' },
  cardIssued: { en: 'Card {card}, issued {date}', hi: 'कार्ड {card}, जारी {date}' },
  worksOffline: { en: 'Works without a network.', hi: 'बिना नेटवर्क के चलता है।' },
  worksOfflineText: {
    en: 'Copied {date}. For today’s facts, scan the front.',
    hi: '{date} की नक़ल। आज की जानकारी के लिए सामने का कोड स्कैन करें।',
  },
  healthId: { en: 'Health ID', hi: 'हेल्थ आईडी' },
  sheetTitle: { en: 'Your emergency card', hi: 'आपका आपातकालीन कार्ड' },
  sheetHow: {
    en: 'Print at 100 %. Cut along the marks, fold, laminate.',
    hi: '100 % पर छापें। निशान पर काटें, मोड़ें, लैमिनेट करें।',
  },
  cutHow: { en: 'Print at 100 %. Cut along the marks.', hi: '100 % पर छापें। निशान पर काटें।' },
  sheetFront: { en: 'Front: who, danger, one code to scan', hi: 'सामने: कौन, ख़तरा, स्कैन का कोड' },
  sheetBack: { en: 'Back: whom to call, what to do if found', hi: 'पीछे: किसे फ़ोन करें, मिले तो क्या करें' },
  sheetFold: { en: 'Fold here', hi: 'यहाँ मोड़ें' },
  sheetRuler: {
    en: 'This line is 100 mm long. If it is not, the printer has changed the size.',
    hi: 'यह रेखा 100 मिमी की है। न हो तो प्रिंटर ने आकार बदल दिया है।',
  },
  sheetSizeText: {
    en: 'ISO ID-1, corner radius 3.18 mm. Smallest text 7 pt.',
    hi: 'ISO ID-1, कोने 3.18 मिमी। सबसे छोटे अक्षर 7 pt।',
  },
  sheetCode: { en: 'Code', hi: 'कोड' },
  sheetCodeText: {
    en: 'Version {version}, {mm} mm a module. Opens {host}.',
    hi: 'वर्ज़न {version}, {mm} मिमी का एक खाना। {host} खोलता है।',
  },
  sheetReplacedText: {
    en: 'Earlier cards show “replaced” and no data.',
    hi: 'पुराने कार्ड सिर्फ़ “बदल गया” दिखाते हैं, जानकारी नहीं।',
  },
  stickHere: { en: 'Stick here', hi: 'यहाँ चिपकाएँ' },
  born: { en: 'born {year}', hi: 'जन्म {year}' },
  fridgeTitle: { en: 'Emergency sheet', hi: 'आपातकालीन पन्ना' },
  conditions: { en: 'Conditions', hi: 'बीमारियाँ' },
  medicines: { en: 'Medicines', hi: 'दवाएँ' },
  notRecorded: { en: 'Not recorded. Nobody has asked.', hi: 'दर्ज नहीं। किसी ने पूछा नहीं।' },
  withheld: { en: 'Withheld by {name}', hi: '{name} ने नहीं दिखाया' },
  printed: { en: 'Printed {date}', hi: 'छपा {date}' },
  page: { en: 'page {page} of {pages}', hi: 'पन्ना {page}, कुल {pages}' },
  continued: { en: 'continued', hi: 'जारी' },
  checkPrint: {
    en: 'Scan to check that this print is in the public log, unaltered.',
    hi: 'स्कैन करके जाँचें कि यह छपा पन्ना सार्वजनिक लॉग में है और बदला नहीं गया।',
  },
  blankTitle: { en: 'Blank card', hi: 'ख़ाली कार्ड' },
  blankHow: { en: 'Blank card, hand in at a desk to claim', hi: 'ख़ाली कार्ड, काउंटर पर देकर अपने नाम कराएँ' },
  claimCode: { en: 'Claim code', hi: 'क्लेम कोड' },
};

/** Labels with `first` leading; give `second` for a bilingual card. */
export function cardLabels(first: CardLanguage, second?: CardLanguage): CardLabels {
  const phrase = (key: PhraseKey): Phrase => ({
    first: WORDS[key][first],
    ...(second === undefined || second === first ? {} : { second: WORDS[key][second] }),
  });
  // Every key of WORDS is a key of CardLabels and the record type above holds that none is missing.
  const phrases = Object.fromEntries((Object.keys(WORDS) as PhraseKey[]).map((key) => [key, phrase(key)]));
  return {
    ...(phrases as Record<PhraseKey, Phrase>),
    firstLanguage: first,
    ...(second === undefined || second === first ? {} : { secondLanguage: second }),
  };
}
