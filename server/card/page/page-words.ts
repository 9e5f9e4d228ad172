// The fixed words of the emergency page in English and Hindi, plain enough for a stranger in a hurry. `{x}` is filled in.
import type { PageLanguage } from './emergency-view.ts';

const words = {
  title: { en: 'Emergency card', hi: 'आपातकालीन कार्ड' },
  switchTo: { en: 'हिन्दी में देखें', hi: 'View in English' },
  danger: { en: 'Danger', hi: 'ख़तरा' },
  callName: { en: 'Call {name}', hi: 'फ़ोन करें' },
  callWhom: { en: 'Call {name}', hi: '{name} को फ़ोन करें' },
  contacts: { en: 'People to call', hi: 'किसे फ़ोन करें' },
  nameWithheld: { en: 'Name not shown', hi: 'नाम नहीं दिखाया गया' },
  nameNotRecorded: { en: 'Name not recorded', hi: 'नाम दर्ज नहीं' },
  theHolder: { en: 'the holder', hi: 'कार्ड वाले' },
  notRecorded: { en: 'Not recorded', hi: 'दर्ज नहीं' },
  nobodyAsked: { en: '{list}. Nobody has asked.', hi: '{list}। किसी ने पूछा नहीं।' },
  noNumber: { en: 'No number recorded', hi: 'नंबर दर्ज नहीं' },
  also: { en: 'Also useful', hi: 'और जानकारी' },
  needMore: { en: 'Need more?', hi: 'और जानकारी चाहिए?' },
  needMoreText: {
    en: '{name} or the family may know the emergency code. It opens what {name} chose to show behind it.',
    hi: '{name} या परिवार को आपातकालीन कोड मालूम हो सकता है। इससे वह जानकारी खुलती है जो {name} ने कोड के पीछे रखी है।',
  },
  codeLabel: { en: 'Emergency code', hi: 'आपातकालीन कोड' },
  open: { en: 'Open', hi: 'खोलें' },
  codeWrong: {
    en: 'That code does not match. {n} tries left.',
    hi: 'यह कोड ग़लत है। {n} बार और कोशिश कर सकते हैं।',
  },
  codeWrongLast: {
    en: 'That code does not match. 1 try left.',
    hi: 'यह कोड ग़लत है। 1 बार और कोशिश कर सकते हैं।',
  },
  codeMalformed: {
    en: 'The code is 6 to 12 digits. Nothing was counted.',
    hi: 'कोड 6 से 12 अंकों का होता है। यह कोशिश गिनी नहीं गई।',
  },
  codeLocked: {
    en: 'The code is locked after too many wrong tries. Only {name} can set a new one.',
    hi: 'बहुत बार ग़लत कोशिश हुई, इसलिए कोड बंद है। नया कोड केवल {name} रख सकते हैं।',
  },
  codeWait: {
    en: 'Too many codes were tried from here. Wait ten minutes. The facts above stay open.',
    hi: 'यहाँ से बहुत कोड आज़माए गए। दस मिनट रुकें। ऊपर की जानकारी खुली रहेगी।',
  },
  opened: {
    en: 'Opened with the code. This page now shows everything {name} put behind it.',
    hi: 'कोड से खुला। अब इस पन्ने पर वह सब है जो {name} ने कोड के पीछे रखा था।',
  },
  'note.title': { en: 'Note for the hospital', hi: 'अस्पताल के लिए नोट' },
  'note.now': { en: 'A handover note was left just now.', hi: 'अभी-अभी एक नोट छोड़ा गया।' },
  'note.minutes': { en: 'A handover note was left {n} min ago.', hi: '{n} मिनट पहले एक नोट छोड़ा गया।' },
  'note.hour': { en: 'A handover note was left an hour ago.', hi: 'एक घंटा पहले एक नोट छोड़ा गया।' },
  'note.hours': { en: 'A handover note was left {n} hours ago.', hi: '{n} घंटे पहले एक नोट छोड़ा गया।' },
  'note.verified': { en: 'By a clinician with a checked licence', hi: 'जाँचे हुए लाइसेंस वाले चिकित्सक ने' },
  'note.unverified': {
    en: 'Not verified: by somebody with the emergency code',
    hi: 'जाँचा नहीं गया: आपातकालीन कोड वाले किसी ने',
  },
  'note.behindCode': {
    en: 'The emergency code opens what it says; so does the record, at the hospital.',
    hi: 'उसमें क्या लिखा है, यह आपातकालीन कोड से खुलता है, और अस्पताल में रिकॉर्ड से।',
  },
  handover: { en: 'Leave a note for the hospital', hi: 'अस्पताल के लिए नोट छोड़ें' },
  'handover.text': {
    en: 'The hospital sees this at the top of the record for 24 hours. It stays in the record, and its owner is told.',
    hi: 'अस्पताल इसे 24 घंटे तक सबसे ऊपर देखेगा। यह अभिलेख में रहेगा और मालिक को बताया जाएगा।',
  },
  'handover.note': { en: 'What happened, what was done', hi: 'क्या हुआ, क्या किया गया' },
  'handover.systolic': { en: 'Blood pressure, upper', hi: 'रक्तचाप, ऊपर का' },
  'handover.diastolic': { en: 'Blood pressure, lower', hi: 'रक्तचाप, नीचे का' },
  'handover.pulse': { en: 'Pulse', hi: 'नाड़ी' },
  'handover.breaths': { en: 'Breaths', hi: 'साँस' },
  'handover.oxygen': { en: 'Oxygen saturation', hi: 'ऑक्सीजन' },
  'handover.temperature': { en: 'Temperature', hi: 'तापमान' },
  'handover.to': { en: 'Where they are being taken', hi: 'कहाँ ले जाया जा रहा है' },
  'handover.toNobody': { en: 'Not known, or not listed', hi: 'पता नहीं, या सूची में नहीं' },
  'handover.toText': {
    en: 'That hospital is told that somebody is coming. It reads the note when it opens the record.',
    hi: 'उस अस्पताल को बताया जाता है कि कोई आ रहा है। रिकॉर्ड खोलने पर वह नोट पढ़ता है।',
  },
  'handover.asClinician': {
    en: 'You are signed in with a checked licence: it stands under your name.',
    hi: 'आप जाँचे हुए लाइसेंस से साइन इन हैं: यह आपके नाम से रहेगा।',
  },
  'handover.unverified': {
    en: 'With the code it is marked as not verified.',
    hi: 'कोड से यह असत्यापित लिखा जाएगा।',
  },
  'handover.leave': { en: 'Leave it', hi: 'छोड़ें' },
  'handover.left': { en: 'The note was left.', hi: 'नोट छोड़ दिया गया।' },
  'handover.leftText': {
    en: 'The hospital sees it when it opens the record.',
    hi: 'अस्पताल अभिलेख खोलते ही इसे देखेगा।',
  },
  'handover.empty': {
    en: 'Nothing was written. Write a note or a value.',
    hi: 'कुछ नहीं लिखा गया। नोट या मान लिखें।',
  },
  'handover.wrong': {
    en: 'One of the values cannot be right. Nothing was saved; what you typed is below.',
    hi: 'कोई एक मान सही नहीं हो सकता। कुछ सहेजा नहीं गया; आपका लिखा नीचे है।',
  },
  'handover.wait': {
    en: 'Too many notes were left. Wait an hour. What you typed is below.',
    hi: 'बहुत नोट छोड़े गए। एक घंटा रुकें। आपका लिखा नीचे है।',
  },
  'handover.codeWrong': {
    en: 'That code opens nothing. What you typed is below.',
    hi: 'यह कोड नहीं खुलता। आपका लिखा नीचे है।',
  },
  genuine: { en: 'Is this card genuine?', hi: 'क्या यह कार्ड असली है?' },
  genuineHost: {
    en: 'Look at the address in your browser: it must be',
    hi: 'अपने ब्राउज़र में पता देखें: वह यही होना चाहिए:',
  },
  factsChanged: { en: 'Facts last changed on {date}.', hi: 'जानकारी आख़िरी बार {date} को बदली।' },
  logged: { en: 'In the log since {time}', hi: '{time} से लॉग में' },
  pending: { en: 'Saved, not yet in the log', hi: 'सहेजा गया, अभी लॉग में नहीं' },
  idEnds: { en: 'ID ends in {end}.', hi: 'आईडी के आख़िरी अंक {end}।' },
  lookRecorded: {
    en: 'Your look was recorded today at {time}, and {name} will see it.',
    hi: 'आपका देखना आज {time} पर दर्ज हुआ और {name} को दिखेगा।',
  },
  contactsTold: {
    en: 'The people to call are told that the card was opened.',
    hi: 'ऊपर लिखे लोगों को बताया जाता है कि कार्ड खोला गया।',
  },
  noLocation: { en: 'Your location was not sent to anyone.', hi: 'आपकी जगह किसी को नहीं भेजी गई।' },
  preview: {
    en: 'Preview. This is what a responder sees. Nobody was told.',
    hi: 'झलक। मदद करने वाले को यही दिखता है। किसी को सूचना नहीं गई।',
  },
  noDataTitle: {
    en: 'This card was replaced or does not exist.',
    hi: 'यह कार्ड बदल दिया गया है या मौजूद नहीं है।',
  },
  noOwnerTitle: { en: 'This card has no owner yet.', hi: 'यह कार्ड अभी किसी का नहीं है।' },
  noDataText: {
    en: 'It shows no data. Look at the printed lines on the card itself.',
    hi: 'इसमें कोई जानकारी नहीं है। कार्ड पर छपी पंक्तियाँ देखें।',
  },
  noOwnerText: {
    en: 'It shows no data. A desk, or the person who gets it, can claim it with the code printed on it.',
    hi: 'इसमें कोई जानकारी नहीं है। काउंटर पर, या जिसे यह कार्ड मिला है, वह इस पर छपे कोड से इसे अपना कर सकता है।',
  },
  inDanger: { en: 'If somebody is in danger, call 112.', hi: 'अगर किसी की जान ख़तरे में है, तो 112 पर फ़ोन करें।' },
  call112: { en: 'Call 112', hi: '112 पर फ़ोन करें' },
  isYours: {
    en: 'Is it yours? Sign in to see the card that is valid now.',
    hi: 'क्या यह आपका है? अभी कौन-सा कार्ड मान्य है, यह देखने के लिए साइन इन करें।',
  },
  tooMany: { en: 'Too many cards were tried from here.', hi: 'यहाँ से बहुत सारे कार्ड आज़माए गए।' },
  tooManyText: {
    en: 'Wait ten minutes, or look at the printed lines on the card itself.',
    hi: 'दस मिनट रुकें, या कार्ड पर छपी पंक्तियाँ देखें।',
  },
  unfurl: {
    en: 'Open this address in a browser to see the card.',
    hi: 'कार्ड देखने के लिए यह पता ब्राउज़र में खोलें।',
  },
} as const satisfies Record<string, Record<PageLanguage, string>>;

export type PageWord = keyof typeof words;

/** The words in one language, with `{x}` filled in from `values`. */
export function pageWord(
  language: PageLanguage,
  word: PageWord,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return words[word][language].replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

export function otherLanguage(language: PageLanguage): PageLanguage {
  return language === 'en' ? 'hi' : 'en';
}
