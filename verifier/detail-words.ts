// What a check found, in a few words: English for the program, English and Hindi for the page. Knows no rule of the log.

export interface DetailWords {
  readonly found: (count: number) => string;
  /** What the reader of a file complained of, which is English; undefined where that would help nobody. */
  readonly complaint: (text: string) => string | undefined;
  readonly entry: (seq: number) => string;
  readonly leaf: (index: number) => string;
  readonly record: (counts: {
    entries: number;
    writes: number;
    files: number;
    erased: number;
    waiting: number;
  }) => string;
  readonly receipt: (erased: number) => string;
  readonly noWitnessAsked: string;
  readonly seenBy: (size: number, names: readonly string[]) => string;
  readonly missing: (names: readonly string[]) => string;
  readonly block: (at: { block: number; chainId: number; time: string; transaction: string }) => string;
  readonly anchorsNamed: (covered: number, total: number, place: string) => string;
  readonly anchorsUnnamed: string;
  readonly nodeNotAsked: string;
  readonly anchored: (covered: number, total: number, place: string) => string;
}

export const englishDetails: DetailWords = {
  found: (count) => `${count} found`,
  complaint: (text) => text,
  entry: (seq) => `entry ${seq}`,
  leaf: (index) => `leaf ${index}`,
  record: ({ entries, writes, files, erased, waiting }) =>
    [
      `${entries} entries without a gap`,
      `${writes} versions`,
      `${files} files`,
      ...(erased > 0 ? [`${erased} erased`] : []),
      ...(waiting > 0 ? [`${waiting} newer ones not in the log yet`] : []),
    ].join(', '),
  receipt: (erased) => `${erased} entries were erased, and the log says so`,
  noWitnessAsked: 'the policy asks for none',
  seenBy: (size, names) => `${size} entries seen by ${names.join(', ')}`,
  missing: (names) => `missing ${names.join(', ')}`,
  block: ({ block, chainId, time, transaction }) =>
    `block ${block} of chain ${chainId} (${time}), transaction ${transaction}`,
  anchorsNamed: (covered, total, place) =>
    `the file says that ${covered} of ${total} entries are anchored in ${place}`,
  anchorsUnnamed: 'the file names none',
  nodeNotAsked: 'no node was asked',
  anchored: (covered, total, place) =>
    `${covered} of ${total} entries are anchored, at the latest in ${place}`,
};

export const hindiDetails: DetailWords = {
  found: (count) => `${count} मिले`,
  complaint: () => undefined,
  entry: (seq) => `प्रविष्टि ${seq}`,
  leaf: (index) => `पत्ती ${index}`,
  record: ({ entries, writes, files, erased, waiting }) =>
    [
      `${entries} प्रविष्टियाँ, बीच में कोई ग़ायब नहीं`,
      `${writes} संस्करण`,
      `${files} फ़ाइलें`,
      ...(erased > 0 ? [`${erased} मिटाई गईं`] : []),
      ...(waiting > 0 ? [`${waiting} नई अभी लॉग में नहीं हैं`] : []),
    ].join(', '),
  receipt: (erased) => `${erased} प्रविष्टियाँ मिटाई गईं, और लॉग यही कहता है`,
  noWitnessAsked: 'पॉलिसी किसी गवाह को नहीं माँगती',
  seenBy: (size, names) => `${names.join(', ')} ने ${size} प्रविष्टियाँ देखी हैं`,
  missing: (names) => `${names.join(', ')} नहीं है`,
  block: ({ block, chainId, time, transaction }) =>
    `चेन ${chainId} का ब्लॉक ${block} (${time}), लेन-देन ${transaction}`,
  anchorsNamed: (covered, total, place) =>
    `फ़ाइल कहती है कि ${total} में से ${covered} प्रविष्टियाँ यहाँ एंकर हैं: ${place}`,
  anchorsUnnamed: 'फ़ाइल किसी एंकर का नाम नहीं लेती',
  nodeNotAsked: 'किसी नोड से नहीं पूछा गया',
  anchored: (covered, total, place) => `${total} में से ${covered} प्रविष्टियाँ एंकर हैं, सबसे बाद में यहाँ: ${place}`,
};
