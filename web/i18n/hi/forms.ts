// Hindi words around the forms; the questions themselves come with each form.
import type { forms as english } from '../en/forms.ts';
import type { SameKeys } from '../texts.ts';

export const forms: SameKeys<typeof english> = {
  title: 'फ़ॉर्म',
  listLead: 'जो आप भरते हैं, वह रिकॉर्ड का हिस्सा बनता है, हर जवाब अपनी जगह पर।',
  lead: 'जो पता हो भरें, बाक़ी छोड़ दें। सहेजने तक कुछ नहीं रखा जाता।',
  loading: 'फ़ॉर्म लाया जा रहा है',
  notThere: 'ऐसा कोई फ़ॉर्म नहीं है',
  yes: 'हाँ',
  no: 'नहीं',
  onePerLine: 'हर पंक्ति में एक।',
  orElse: '{{what}}, अपने शब्दों में',
  another: 'एक और जोड़ें: {{what}}',
  filesElsewhere: 'फ़ाइलें और तस्वीरें दस्तावेज़ में जोड़ी जाती हैं।',
  save: 'फ़ॉर्म सहेजें',
  saving: 'सहेजा जा रहा है',
  saved: 'सहेज लिया।',
  savedEntries_one: 'रिकॉर्ड में {{count}} प्रविष्टि जुड़ी।',
  savedEntries_other: 'रिकॉर्ड में {{count}} प्रविष्टियाँ जुड़ीं।',
  toRecord: 'रिकॉर्ड पर वापस',
  toForms: 'सभी फ़ॉर्म',
  again: 'एक बार और भरें',
  failed: 'कुछ भी सहेजा नहीं गया',
  formWrong: 'कुछ फिर से देखने की ज़रूरत है। आपका लिखा हुआ यहीं है।',
  'wrong.missing': 'यह ज़रूरी है',
  'wrong.number': 'एक संख्या लिखें',
  'wrong.range': 'ऐसा नहीं हो सकता: संख्या और इकाई देखें',
  'wrong.date': 'यह पूरी तारीख़ नहीं है',
  'wrong.refused': 'यह सही नहीं हो सकता',
};
