// The fixed words of a printed order, in English and Hindi: what stands before a number, a name, a place.
import type { CardLanguage } from './labels.ts';

type Words = Record<CardLanguage, string>;

export const orderSheetWords = {
  title: { en: 'Tests ordered', hi: 'लिखी गई जाँचें' },
  how: {
    en: 'At the counter: scan the code beside the test, or type its number. The laboratory then sees this order and whose it is, and nothing else of the record.',
    hi: 'काउंटर पर: जाँच के पास का कोड स्कैन करें, या उसका नंबर लिखें। तब लैब को यह जाँच और यह किसकी है दिखता है, रिकॉर्ड का और कुछ नहीं।',
  },
  number: { en: 'Order number {number}', hi: 'ऑर्डर नंबर {number}' },
  noNumber: {
    en: 'No order number yet: it gets one when a laboratory is chosen',
    hi: 'अभी ऑर्डर नंबर नहीं: लैब चुनने पर मिलेगा',
  },
  ordered: { en: 'Ordered by {name}, {date}', hi: '{name} ने लिखी, {date}' },
  orderedOn: { en: 'Ordered {date}', hi: '{date} को लिखी गई' },
  orderedBy: { en: 'Ordered by {name}', hi: '{name} ने लिखी' },
  goesTo: { en: 'Goes to {name}', hi: '{name} में होगी' },
  chosenLater: {
    en: 'Where it is done is your choice: choose a laboratory in your record before you go',
    hi: 'कहाँ हो, यह आप चुनते हैं: जाने से पहले अपने रिकॉर्ड में लैब चुनें',
  },
  urgent: { en: 'Urgent', hi: 'जल्दी करें' },
  cancelled: { en: 'This order was cancelled', hi: 'यह जाँच रद्द की गई' },
  unnamed: { en: 'A test', hi: 'एक जाँच' },
} as const satisfies Record<string, Words>;
