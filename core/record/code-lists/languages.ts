// Languages people speak. Codes: BCP 47. India's scheduled languages first, then the most spoken elsewhere.

import { bcp47 } from '../code-systems.ts';
import type { ListEntry } from './code-list.ts';

function language(code: string, en: string, hi: string, own: string): ListEntry {
  return { id: code, en, hi, codes: [{ system: bcp47, code }], aliases: own === en ? [] : [own] };
}

export const languages: readonly ListEntry[] = [
  language('hi', 'Hindi', 'हिन्दी', 'हिन्दी'),
  language('en', 'English', 'अंग्रेज़ी', 'English'),
  language('bn', 'Bengali', 'बांग्ला', 'বাংলা'),
  language('mr', 'Marathi', 'मराठी', 'मराठी'),
  language('te', 'Telugu', 'तेलुगु', 'తెలుగు'),
  language('ta', 'Tamil', 'तमिल', 'தமிழ்'),
  language('gu', 'Gujarati', 'गुजराती', 'ગુજરાતી'),
  language('ur', 'Urdu', 'उर्दू', 'اردو'),
  language('kn', 'Kannada', 'कन्नड़', 'ಕನ್ನಡ'),
  language('or', 'Odia', 'ओड़िया', 'ଓଡ଼ିଆ'),
  language('ml', 'Malayalam', 'मलयालम', 'മലയാളം'),
  language('pa', 'Punjabi', 'पंजाबी', 'ਪੰਜਾਬੀ'),
  language('as', 'Assamese', 'असमिया', 'অসমীয়া'),
  language('mai', 'Maithili', 'मैथिली', 'मैथिली'),
  language('sat', 'Santali', 'संताली', 'ᱥᱟᱱᱛᱟᱲᱤ'),
  language('ks', 'Kashmiri', 'कश्मीरी', 'کٲشُر'),
  language('ne', 'Nepali', 'नेपाली', 'नेपाली'),
  language('kok', 'Konkani', 'कोंकणी', 'कोंकणी'),
  language('sd', 'Sindhi', 'सिंधी', 'سنڌي'),
  language('doi', 'Dogri', 'डोगरी', 'डोगरी'),
  language('mni', 'Manipuri', 'मणिपुरी', 'মৈতৈলোন্'),
  language('brx', 'Bodo', 'बोडो', 'बड़ो'),
  language('sa', 'Sanskrit', 'संस्कृत', 'संस्कृतम्'),
  language('bho', 'Bhojpuri', 'भोजपुरी', 'भोजपुरी'),
  language('ins', 'Indian Sign Language', 'सांकेतिक भाषा', 'ISL'),
  language('ar', 'Arabic', 'अरबी', 'العربية'),
  language('zh', 'Chinese', 'चीनी', '中文'),
  language('es', 'Spanish', 'स्पेनिश', 'Español'),
  language('fr', 'French', 'फ़्रेंच', 'Français'),
  language('de', 'German', 'जर्मन', 'Deutsch'),
  language('pt', 'Portuguese', 'पुर्तगाली', 'Português'),
  language('ru', 'Russian', 'रूसी', 'Русский'),
  language('ja', 'Japanese', 'जापानी', '日本語'),
  language('fa', 'Persian', 'फ़ारसी', 'فارسی'),
  language('sw', 'Swahili', 'स्वाहिली', 'Kiswahili'),
  language('id', 'Indonesian', 'इंडोनेशियाई', 'Bahasa Indonesia'),
  language('it', 'Italian', 'इतालवी', 'Italiano'),
  language('tr', 'Turkish', 'तुर्की', 'Türkçe'),
  language('vi', 'Vietnamese', 'वियतनामी', 'Tiếng Việt'),
  language('th', 'Thai', 'थाई', 'ไทย'),
  language('si', 'Sinhala', 'सिंहली', 'සිංහල'),
  language('my', 'Burmese', 'बर्मी', 'မြန်မာ'),
  language('pl', 'Polish', 'पोलिश', 'Polski'),
  language('uk', 'Ukrainian', 'यूक्रेनी', 'Українська'),
  language('nl', 'Dutch', 'डच', 'Nederlands'),
];

/** The entry for a BCP 47 tag, whatever its region ("en-US"). */
export function languageEntry(tag: string): ListEntry | undefined {
  const base = tag.toLowerCase().split('-')[0];
  return languages.find((entry) => entry.id === base);
}
