// Hindi words of the first page of a person.
import type { home } from '../en/home.ts';
import type { SameKeys } from '../texts.ts';

export const homeHindi = {
  'greeting.morning': 'सुप्रभात, {{name}}',
  'greeting.afternoon': 'नमस्ते, {{name}}',
  'greeting.evening': 'शुभ संध्या, {{name}}',

  'card.loading': 'आपका कार्ड खुल रहा है',
  'card.failed': 'आपका कार्ड नहीं खुल पाया।',
  'card.showCode': 'कोड दिखाइए',
  'card.print': 'कार्ड छापिए',
  'card.preview': 'देखिए कि मदद करने वाले को क्या दिखता है',
  'card.newTab': '(नए टैब में खुलता है)',
  'card.lost': 'कार्ड {{number}} खोया हुआ बताया गया है।',
  'card.revoked': 'कार्ड {{number}} रद्द है।',
  'card.showsNothing': 'इसे स्कैन करने पर कुछ नहीं दिखता। नया कार्ड लेने तक कोई कार्ड नहीं चलता।',
  'card.getNew': 'नया कार्ड लीजिए',

  'next.title': 'आगे क्या',
  'next.fillIn': 'अभी भरना बाक़ी',
  'next.begin': 'मदद करने वाले को जो जानना चाहिए',
  'next.fillInDetail': 'क़रीब तीन मिनट। साथ-साथ सहेजा जाता है।',
  'next.both': '{{one}} और {{other}}',
  'next.andMore_one': '{{what}} और {{count}} और',
  'next.andMore_other': '{{what}} और {{count}} और',
  'next.notices': 'सूचनाएँ',
  'next.unread_one': 'एक नई सूचना',
  'next.unread_other': '{{count}} नई सूचनाएँ',
  'next.code': 'आपातकालीन कोड',
  'next.codeLocked': 'आपका आपातकालीन कोड बंद हो गया है',
  'next.codeLockedDetail': 'किसी ने ग़लत कोड लिखे। नया कोड रखिए।',

  'looks.since': 'कल से किसने देखा',
  'looks.loading': 'खुल रहा है',
  'looks.see': 'सूची देखिए',
  'looks.nobody': 'आपके सिवा किसी ने नहीं',
  'looks.one': 'एक बार देखा गया: {{who}}',
  'looks.several_one': '{{count}} बार देखा गया, आख़िर में: {{who}}',
  'looks.several_other': '{{count}} बार देखा गया, आख़िर में: {{who}}',
  'looks.newestToday': 'आज {{time}}: {{saw}}',
  'looks.newestYesterday': 'कल {{time}}: {{saw}}',

  'matters.title': 'सबसे ज़रूरी बातें',
  'matters.change': 'बदलिए',

  'whole.title': 'आपका रिकॉर्ड पूरा है',
  'whole.kept': 'क्या आपका रिकॉर्ड पूरा है?',
  'whole.checked': '{{writes}} और {{looks}}। न कुछ बदला, न कुछ ग़ायब।',
  'whole.entries_one': '{{all}} प्रविष्टि',
  'whole.entries_other': '{{all}} प्रविष्टियाँ',
  'whole.looks_one': '{{all}} बार देखना या काम',
  'whole.looks_other': '{{all}} बार देखना और काम',
  'whole.checkedAt': 'इस फ़ोन ने जाँचा: {{when}}।',
  'whole.count_one': '{{all}} बात लॉग में है। आपका अपना फ़ोन जाँच सकता है कि वह बदली नहीं गई।',
  'whole.count_other':
    '{{all}} बातें लॉग में हैं: लिखना, देखना और काम। आपका अपना फ़ोन जाँच सकता है कि न कुछ बदला, न कुछ छूटा।',
  'whole.today': 'आज {{time}}',
  'whole.onDay': '{{date}}, {{time}}',
  'whole.verify': 'अभी जाँचिए',
  'whole.verifyAgain': 'फिर जाँचिए',
} satisfies SameKeys<typeof home>;
