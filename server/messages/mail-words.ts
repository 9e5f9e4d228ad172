// The words of what leaves by mail, in the language of the account. Never a name, never anything of a record.

export interface Mail {
  subject: string;
  text: string;
}

export function codeMail(language: string, code: string, publicUrl: string): Mail {
  const shown = `${code.slice(0, 3)} ${code.slice(3)}`;
  return language === 'hi'
    ? {
        subject: 'Medallion: आपका कोड',
        text: `आपका कोड है ${shown}\n\nयह एक बार चलता है, पाँच मिनट तक। इसे बताने पर वह व्यक्ति आपका रिकॉर्ड देख सकता है जिसने माँगा है।\n\nआपने इसकी उम्मीद नहीं की थी? किसी को न बताएँ, और देखें कि कौन माँग रहा है: ${publicUrl}/sharing\n`,
      }
    : {
        subject: 'Medallion: your code',
        text: `Your code is ${shown}\n\nIt works once, for five minutes. Whoever you tell it to can see what they asked for.\n\nDid you not expect it? Tell nobody, and see who asks: ${publicUrl}/sharing\n`,
      };
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
