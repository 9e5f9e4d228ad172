// The words of what leaves by mail, in the language of the account. Never a name, never anything of a record.
import type { AlertKind, CodePurpose } from '../http/deps.ts';

export interface Mail {
  subject: string;
  text: string;
}

const codeWords = {
  en: {
    subject: 'Medallion: your code',
    access: (code: string, url: string) =>
      `Your code is ${code}\n\nIt works once, for five minutes. Whoever you tell it to can see what they asked for.\n\nDid you not expect it? Tell nobody, and see who asks: ${url}/sharing\n`,
    'sign-in': (code: string, url: string) =>
      `Your code to sign in is ${code}\n\nIt works once, for five minutes, on the page that asks for it. Tell it to nobody.\n\nDid you not expect it? Somebody knows your password. Change it now: ${url}/devices\n`,
  },
  hi: {
    subject: 'Medallion: आपका कोड',
    access: (code: string, url: string) =>
      `आपका कोड है ${code}\n\nयह एक बार चलता है, पाँच मिनट तक। इसे बताने पर वह व्यक्ति आपका रिकॉर्ड देख सकता है जिसने माँगा है।\n\nआपने इसकी उम्मीद नहीं की थी? किसी को न बताएँ, और देखें कि कौन माँग रहा है: ${url}/sharing\n`,
    'sign-in': (code: string, url: string) =>
      `साइन इन का आपका कोड है ${code}\n\nयह एक बार चलता है, पाँच मिनट तक, उसी पन्ने पर जो इसे माँग रहा है। किसी को न बताएँ।\n\nआपने इसकी उम्मीद नहीं की थी? किसी को आपका पासवर्ड पता है। अभी बदलिए: ${url}/devices\n`,
  },
} as const;

export function codeMail(language: string, purpose: CodePurpose, code: string, publicUrl: string): Mail {
  const said = codeWords[language === 'hi' ? 'hi' : 'en'];
  return { subject: said.subject, text: said[purpose](`${code.slice(0, 3)} ${code.slice(3)}`, publicUrl) };
}

export function invitationMail(language: string, link: string): Mail {
  return language === 'hi'
    ? {
        subject: 'Medallion: एक संस्था आपको बुलाती है',
        text: `एक संस्था चाहती है कि आप उसके साथ Medallion पर काम करें। कौन और किस काम के लिए, यहाँ देखें:\n\n${link}\n\nयह कड़ी एक बार चलती है, सात दिन तक, और केवल इस पते से साइन इन करने वाले के लिए। आपने इसकी उम्मीद नहीं की थी? कुछ न करें।\n`,
      }
    : {
        subject: 'Medallion: an organisation invites you',
        text: `An organisation would like you to work with it on Medallion. Who it is, and as what, is shown here:\n\n${link}\n\nThe link works once, for seven days, and only for whoever signs in with this address. Did you not expect it? Do nothing.\n`,
      };
}

/** What look.md allows outside the application, and nothing more. */
export function reminderMail(language: string, link: string): Mail {
  return language === 'hi'
    ? { subject: 'Medallion: आपके लिए कुछ नया है', text: `Medallion: आपके लिए कुछ नया है।\n\n${link}\n` }
    : {
        subject: 'Medallion: something new for you',
        text: `Medallion: there is something new for you.\n\n${link}\n`,
      };
}

const alertWords: Record<'en' | 'hi', { subject: string } & Record<AlertKind, (link: string) => string>> = {
  en: {
    subject: 'Medallion: about the way into your account',
    'recovery-begun': (link) =>
      `Somebody says that they are you and have lost every way into your account. Nothing has changed yet.\n\nIf this is not you, stop it now:\n\n${link}\n`,
    'recovery-vouched': (link) =>
      `Two people have vouched for somebody who says that they are you. After a waiting time they can set a new password.\n\nIf this is not you, sign in and stop it, or use the link of our first mail:\n\n${link}\n`,
    'recovery-done': (link) =>
      `A new password was set for your account. Every device was signed out, and every second factor was taken away.\n\nIf this was not you, go to a front desk with your papers.\n\n${link}\n`,
  },
  hi: {
    subject: 'Medallion: आपके खाते में आने के रास्ते के बारे में',
    'recovery-begun': (link) =>
      `कोई कहता है कि वह आप हैं और खाते में आने का हर रास्ता खो चुके हैं। अभी कुछ नहीं बदला है।\n\nअगर यह आप नहीं हैं तो इसे अभी रोकिए:\n\n${link}\n`,
    'recovery-vouched': (link) =>
      `दो लोगों ने किसी के लिए हामी भरी है जो कहता है कि वह आप हैं। इंतज़ार के बाद वह नया पासवर्ड रख सकेगा।\n\nअगर यह आप नहीं हैं तो साइन इन करके इसे रोकिए, या हमारी पहली मेल की कड़ी लीजिए:\n\n${link}\n`,
    'recovery-done': (link) =>
      `आपके खाते का नया पासवर्ड रखा गया। हर फ़ोन से साइन आउट हो गया और हर दूसरा प्रमाण हट गया।\n\nअगर यह आपने नहीं किया तो अपने काग़ज़ लेकर किसी स्वागत-कक्ष पर जाइए।\n\n${link}\n`,
  },
};

/** Never a name, never anything of a record. */
export function alertMail(language: string, kind: AlertKind, link: string): Mail {
  const said = alertWords[language === 'hi' ? 'hi' : 'en'];
  return { subject: said.subject, text: said[kind](link) };
}
