// Hindi words of the verification pages.
import type { verify } from '../en/verify.ts';
import type { SameKeys } from '../texts.ts';

export const verifyHindi = {
  again: 'फिर से जाँचें',
  checked: 'क्या जाँचा गया',
  notChecked: 'कुछ नहीं जाँचा गया।',
  whatNow: 'कुछ न बदलें। यह पन्ना किसी भरोसे वाले को दिखाएँ और इस सर्वर को चलाने वालों को लिखें: उन्हें इसका जवाब देना होगा।',
  experts: 'जानकारों के लिए',
  notProven: 'इससे क्या साबित नहीं होता',
  'notProven.right':
    'यह साबित नहीं होता कि बात डॉक्टरी तौर पर सही है। ग़लत बात ग़लत ही रहती है, बस कोई उसे छिपा नहीं सकता।',
  'notProven.witness':
    'अभी यह साबित नहीं होता कि सबको एक ही लॉग दिखता है: किसी बाहरी गवाह ने इस पर दस्तख़त नहीं किए।',

  'record.title': 'आपके रिकॉर्ड की जाँच',
  'record.checking': 'आपका फ़ोन सबूत ला रहा है',
  'record.checkingSome_one': 'अब तक {{count}} प्रविष्टि',
  'record.checkingSome_other': 'अब तक {{count}} प्रविष्टियाँ',
  'record.passed': 'न कुछ बदला, न कुछ ग़ायब',
  'record.failed': 'कुछ मेल नहीं खाता',
  'record.counted':
    'आपके फ़ोन ने {{time}} पर सभी {{entries}} प्रविष्टियाँ और {{looks}} बार देखना व काम ख़ुद जोड़कर देखे। {{seconds}} सेकंड लगे, और हमारे सर्वर पर भरोसा नहीं करना पड़ा।',
  'record.entryFails': 'प्रविष्टि {{number}} मेल नहीं खाती।',
  'record.seeEntry': 'यह प्रविष्टि देखें',

  'step.entries': 'हर प्रविष्टि अपनी छाप से मेल खाती है',
  'step.entriesDetail_one': '{{all}} अपने लिखे से जोड़ी गई',
  'step.entriesDetail_other': '{{all}} अपने लिखे से जोड़ी गईं',
  'step.chain': 'आपकी कड़ी कहीं टूटी नहीं',
  'step.chainDetail': '1 से {{last}} तक, हर एक पिछली का नाम लेती है',
  'step.tree': 'सब कुछ खुले लॉग में है',
  'step.treeDetail': 'सबकी {{size}} प्रविष्टियों की एक ही जड़ के नीचे',
  'step.signed': 'लॉग ने उस जड़ पर दस्तख़त किए',
  'step.key.same': 'उसी चाबी से जो इस फ़ोन ने पहले देखी थी',
  'step.key.first': 'ऐसी चाबी से जिसे यह फ़ोन अब याद रखेगा',
  'step.key.changed': 'उस चाबी से नहीं जो इस फ़ोन ने पहले देखी थी',

  'failure.content-differs': 'इसका लिखा वह नहीं जो तब लिखा गया था।',
  'failure.content-missing': 'इसका लिखा ग़ायब है।',
  'failure.statement-differs': 'किसने क्या किया, वह नहीं जो तब दर्ज हुआ था।',
  'failure.statement-unreadable': 'किसने क्या किया, पढ़ा नहीं जा सकता।',
  'failure.leaf-malformed': 'लॉग में इसकी जगह बिगड़ी हुई है।',
  'failure.leaf-not-in-tree': 'यह उस लॉग में नहीं जिस पर दस्तख़त हुए।',
  'failure.prev-differs': 'यह अपने से पहले वाली का नाम नहीं लेती।',
  'failure.seq-out-of-order': 'इससे पहले की एक प्रविष्टि ग़ायब है।',
  'failure.index-out-of-order': 'यह लॉग में ग़लत जगह है।',
  'failure.pseudonym-differs': 'यह किसी और की है।',
  'failure.checkpoint-not-signed': 'लॉग ने इस पर दस्तख़त नहीं किए।',
  'failure.chain-shorter-than-known': 'आख़िर की प्रविष्टियाँ ग़ायब हैं।',

  'entry.title': 'एक प्रविष्टि की जाँच',
  'entry.checking': 'आपका फ़ोन यह प्रविष्टि जोड़कर देख रहा है',
  'entry.passed': 'यह प्रविष्टि बदली नहीं गई',
  'entry.failed': 'प्रविष्टि {{number}} मेल नहीं खाती',
  'entry.words':
    'आपके रिकॉर्ड की प्रविष्टि {{number}}, {{when}}। आपके फ़ोन ने इसे ख़ुद जोड़कर देखा, हमारे सर्वर पर भरोसा नहीं करना पड़ा।',
  'entry.pending': 'सहेजा गया, अभी लॉग में नहीं',
  'entry.pendingWords': '{{when}} को लिखा गया। लॉग इसे लगभग एक सेकंड में ले लेता है। तब फिर जाँचें।',
  'entryStep.content-matches-statement': 'लिखा वही है जो लिखा गया था',
  'entryStep.leaf-names-commitment': 'किसने, क्या, कब: वही है जो दर्ज हुआ था',
  'entryStep.leaf-in-tree': 'यह खुले लॉग में है',
  'entryStep.checkpoint-signed': 'लॉग ने उस पर दस्तख़त किए',
  'entryStep.outcome.passed': 'यहीं जोड़ा, और मेल खाता है',
  'entryStep.outcome.failed': 'यहीं जोड़ा, और मेल नहीं खाता',
  'entryStep.outcome.not-checked': 'जाँचा नहीं जा सका',

  'value.root': 'जड़ का हैश',
  'value.size': 'लॉग का आकार',
  'value.pseudonym': 'आपका छद्मनाम',
  'value.key': 'लॉग की चाबी',
  'value.leafHash': 'इस प्रविष्टि का हैश',
  'value.prev': 'आपकी पिछली प्रविष्टि का हैश',
  'value.index': 'लॉग में जगह',
  'value.entry': 'प्रविष्टि',
} satisfies SameKeys<typeof verify>;
