// Words of the verifier's page, in English and Hindi.
const en = {
  title: 'Check a record',
  lead: 'Drop a record or a receipt from Medallion here. It is checked on this device; nothing of it leaves.',
  choose: 'Choose a file',
  key: 'Key of the log, as you had it from somebody you trust',
  keyHint:
    'Without it you see whether the file is whole, not who signed it. A checkpoint that you kept may be dropped as well.',
  holds: 'Nothing altered, nothing missing',
  keyUnknown: 'The file is whole. Whose it is, only the key can tell.',
  failed: 'Something does not match',
  compareKey: 'Compare this key with what others see, then paste it above:',
  whatNow:
    'Do not change anything. Show this to somebody you trust; those who run the server must explain it.',
  witnesses: 'Witnesses',
  policy: 'Witnesses you trust (a policy file: drop it, or paste it here)',
  policyHint:
    'Without it nobody but the log itself vouches that everybody is shown the same. Take it from somebody you trust, not from the server.',
  noPolicy: 'You named no witnesses: others could be shown another log.',
  anchors: 'Ethereum anchors',
  node: 'Address of an Ethereum node of your choice',
  contract: 'Contract that holds the anchors (0x…)',
  nodeHint:
    'This page cannot see a chain by itself. The node is told the name of the log and nothing of the file, and only when you press the button.',
  ask: 'Look the anchors up',
  passed: 'checked, holds',
  'not-checked': 'not checked',
  notProven: 'This does not prove that a fact is medically right, nor that everybody is shown the same log.',
} as const;
export type PageWord = keyof typeof en;

const hi: Record<PageWord, string> = {
  title: 'रिकॉर्ड जाँचिए',
  lead: 'Medallion से निकाला रिकॉर्ड या रसीद यहाँ छोड़िए। जाँच इसी उपकरण पर होती है; इसका कुछ भी बाहर नहीं जाता।',
  choose: 'फ़ाइल चुनिए',
  key: 'लॉग की चाबी, जैसी किसी भरोसेमंद से मिली हो',
  keyHint: 'इसके बिना यह दिखता है कि फ़ाइल पूरी है, यह नहीं कि हस्ताक्षर किसका है। रखा हुआ चेकपॉइंट भी यहाँ छोड़ सकते हैं।',
  holds: 'कुछ बदला नहीं, कुछ छूटा नहीं',
  keyUnknown: 'फ़ाइल पूरी है। यह किसकी है, यह चाबी ही बता सकती है।',
  failed: 'कुछ मेल नहीं खाता',
  compareKey: 'इस चाबी को दूसरों को दिखने वाली चाबी से मिलाइए, फिर ऊपर चिपकाइए:',
  whatNow: 'कुछ न बदलें। किसी भरोसेमंद को दिखाइए; सर्वर चलाने वालों को इसका कारण बताना होगा।',
  witnesses: 'गवाह',
  policy: 'जिन गवाहों पर आपको भरोसा है (पॉलिसी फ़ाइल: यहाँ छोड़िए या चिपकाइए)',
  policyHint: 'इसके बिना लॉग के सिवा कोई नहीं कहता कि सबको वही दिखता है। इसे सर्वर से नहीं, किसी भरोसेमंद से लीजिए।',
  noPolicy: 'आपने कोई गवाह नहीं बताया: दूसरों को दूसरा लॉग दिखाया जा सकता है।',
  anchors: 'Ethereum एंकर',
  node: 'आपकी पसंद के Ethereum नोड का पता',
  contract: 'एंकर रखने वाला अनुबंध (0x…)',
  nodeHint:
    'यह पेज चेन को ख़ुद नहीं देख सकता। नोड को सिर्फ़ लॉग का नाम बताया जाता है, फ़ाइल का कुछ नहीं, और वह भी बटन दबाने पर ही।',
  ask: 'एंकर खोजिए',
  passed: 'जाँचा, सही है',
  'not-checked': 'नहीं जाँचा',
  notProven: 'इससे यह सिद्ध नहीं होता कि कोई तथ्य चिकित्सकीय रूप से सही है, न यह कि सबको वही लॉग दिखता है।',
};

export const pageWords: Readonly<Record<'en' | 'hi', Readonly<Record<PageWord, string>>>> = { en, hi };
