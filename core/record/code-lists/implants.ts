// Implants that a responder or an MRI room must know of.
// Codes: SNOMED CT physical objects. `defaultMri` is what to assume until the device card says otherwise.

import { snomed } from '../code-systems.ts';
import type { MriSafety } from '../facts.ts';
import type { ListEntry } from './code-list.ts';

export type ImplantEntry = ListEntry & {
  readonly defaultMri: MriSafety;
  /** Its presence alone is a danger line on the card. */
  readonly critical: boolean;
};

function implant(
  id: string,
  en: string,
  hi: string,
  codes: readonly string[],
  aliases: readonly string[] = [],
  critical = false,
): ImplantEntry {
  return {
    id,
    en,
    hi,
    codes: codes.map((code) => ({ system: snomed, code })),
    aliases,
    defaultMri: 'unknown',
    critical,
  };
}

export const implants: readonly ImplantEntry[] = [
  implant(
    'pacemaker',
    'Pacemaker',
    'पेसमेकर',
    ['14106009', '424921004', '118378005', '441509002'],
    ['cardiac pacemaker', 'implantable cardiac pacemaker'],
    true,
  ),
  implant(
    'icd',
    'Heart defibrillator (ICD)',
    'दिल का डिफ़िब्रिलेटर (ICD)',
    ['72506001', '441769002'],
    ['icd', 'implantable defibrillator', 'crt-d'],
    true,
  ),
  implant(
    'ventricular-assist',
    'Heart pump (LVAD)',
    'दिल का पंप (LVAD)',
    ['360066001'],
    ['lvad', 'left ventricular assist device'],
    true,
  ),
  implant(
    'mechanical-valve',
    'Mechanical heart valve',
    'दिल का मशीनी वाल्व',
    ['705991002'],
    ['mechanical valve'],
    true,
  ),
  implant(
    'mitral-valve',
    'Mitral valve prosthesis',
    'माइट्रल वाल्व',
    ['17107009'],
    ['heart valve', 'tissue valve'],
  ),
  implant(
    'coronary-stent',
    'Coronary stent',
    'दिल की नस में स्टेंट',
    ['65818007', '411191007'],
    ['stent', 'drug eluting stent'],
  ),
  implant('aneurysm-clip', 'Brain aneurysm clip', 'दिमाग़ की नस में क्लिप', [], ['clip'], true),
  implant(
    'cochlear',
    'Cochlear implant',
    'कान का इम्प्लांट',
    ['360103009', '360104003'],
    ['cochlear implant'],
    true,
  ),
  implant(
    'shunt',
    'Brain shunt',
    'दिमाग़ की नली (शंट)',
    ['258593008'],
    ['vp shunt', 'ventriculoperitoneal shunt'],
  ),
  implant(
    'neurostimulator',
    'Nerve or brain stimulator',
    'नस या दिमाग़ का स्टिमुलेटर',
    ['25937001'],
    ['deep brain stimulator', 'vagus nerve stimulator', 'spinal cord stimulator'],
    true,
  ),
  implant('insulin-pump', 'Insulin pump', 'इंसुलिन पंप', ['69805005'], [], true),
  implant(
    'drug-pump',
    'Medicine pump under the skin',
    'चमड़ी के नीचे दवा का पंप',
    [],
    ['intrathecal pump', 'baclofen pump'],
    true,
  ),
  implant('port', 'Chest port for drips', 'छाती में दवा का पोर्ट', ['398013009'], ['chemo port', 'portacath']),
  implant(
    'central-line',
    'Central venous line',
    'गर्दन या छाती की नस में नली',
    ['52124006'],
    ['hickman', 'picc'],
  ),
  implant(
    'fistula',
    'Dialysis fistula (no blood pressure on that arm)',
    'डायलिसिस फ़िस्टुला (उस हाथ पर बीपी न लें)',
    [],
    ['av fistula'],
  ),
  implant(
    'hip',
    'Artificial hip',
    'नक़ली कूल्हा',
    ['67270000', '304120007'],
    ['hip replacement', 'hip prosthesis'],
  ),
  implant('knee', 'Artificial knee', 'नक़ली घुटना', [], ['knee replacement', 'knee prosthesis']),
  implant(
    'joint',
    'Other artificial joint',
    'दूसरा नक़ली जोड़',
    ['314523008', '303726000'],
    ['shoulder replacement'],
  ),
  implant(
    'bone-metal',
    'Plates, screws or rods in bone',
    'हड्डी में प्लेट, पेंच या रॉड',
    ['31031000', '68183006'],
    ['plate', 'screw', 'rod', 'nail'],
  ),
  implant('lens', 'Eye lens', 'आँख का लेंस', [], ['intraocular lens', 'cataract lens']),
  implant('breast', 'Breast implant', 'स्तन इम्प्लांट', [], ['silicone implant']),
  implant('feeding-tube', 'Feeding tube', 'खाने की नली', ['25062003'], ['peg', 'gastrostomy']),
  implant('vena-cava-filter', 'Vein filter', 'नस में फ़िल्टर', [], ['ivc filter']),
  implant(
    'metal-fragment',
    'Metal splinter in the body',
    'शरीर में धातु का टुकड़ा',
    [],
    ['shrapnel', 'bullet'],
    true,
  ),
  implant('dental', 'Dental implant', 'दाँत का इम्प्लांट', []),
];
