// The words of a code by mail, in the language of the account. Never a name, never anything of a record.

export function codeMail(
  language: string,
  code: string,
  publicUrl: string,
): { subject: string; text: string } {
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
