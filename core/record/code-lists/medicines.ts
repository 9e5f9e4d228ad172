// Medicines by their generic names, those that matter most in an emergency first, with what makes them matter.
// Codes: ATC (WHO) and RxNorm ingredients where certain. Product names of imports are recognised by their words.

import { atc, rxNorm } from '../code-systems.ts';
import type { Code } from '../facts.ts';
import { findEntry, plainWords, type ListEntry } from './code-list.ts';

export type MedicineClass =
  | 'anticoagulant'
  | 'antiplatelet'
  | 'insulin'
  | 'diabetes'
  | 'steroid'
  | 'opioid'
  | 'antiepileptic'
  | 'immunosuppressant'
  | 'chemotherapy'
  | 'antiarrhythmic'
  | 'beta-blocker'
  | 'nitrate'
  | 'thyroid'
  | 'mental-health'
  | 'hiv'
  | 'substance-use'
  | 'contraception'
  | 'sexual-health'
  | 'rescue-adrenaline'
  | 'bleeding-disorder';

export type MedicineEntry = ListEntry & { readonly classes: readonly MedicineClass[] };

function medicine(
  en: string,
  hi: string,
  atcCode: string | undefined,
  classes: readonly MedicineClass[] = [],
  rxNormCode?: string,
  aliases: readonly string[] = [],
): MedicineEntry {
  const codes: Code[] = [];
  if (atcCode !== undefined) codes.push({ system: atc, code: atcCode });
  if (rxNormCode !== undefined) codes.push({ system: rxNorm, code: rxNormCode });
  return { id: en.toLowerCase().replace(/[^a-z0-9]+/gu, '-'), en, hi, codes, aliases, classes };
}

export const medicines: readonly MedicineEntry[] = [
  medicine('Warfarin', 'वारफ़रिन', 'B01AA03', ['anticoagulant'], '11289', ['coumadin', 'warf']),
  medicine('Acenocoumarol', 'एसेनोकुमारोल', 'B01AA07', ['anticoagulant'], undefined, [
    'acitrom',
    'nicoumalone',
  ]),
  medicine('Apixaban', 'एपिक्साबान', 'B01AF02', ['anticoagulant'], '1364430', ['eliquis']),
  medicine('Rivaroxaban', 'रिवारोक्साबान', 'B01AF01', ['anticoagulant'], '1114195', ['xarelto']),
  medicine('Edoxaban', 'एडोक्साबान', 'B01AF03', ['anticoagulant']),
  medicine('Dabigatran', 'डाबिगाट्रान', 'B01AE07', ['anticoagulant'], '1037042', ['pradaxa']),
  medicine('Heparin', 'हेपरिन', 'B01AB01', ['anticoagulant'], '5224'),
  medicine('Enoxaparin', 'एनोक्सापैरिन', 'B01AB05', ['anticoagulant'], '67108', ['clexane', 'lovenox']),
  medicine('Dalteparin', 'डाल्टेपैरिन', 'B01AB04', ['anticoagulant']),
  medicine('Fondaparinux', 'फ़ोंडापैरिनक्स', 'B01AX05', ['anticoagulant']),
  medicine('Clopidogrel', 'क्लोपिडोग्रेल', 'B01AC04', ['antiplatelet'], '32968', ['plavix', 'clopilet']),
  medicine('Aspirin', 'एस्पिरिन', 'B01AC06', ['antiplatelet'], '1191', [
    'ecosprin',
    'acetylsalicylic acid',
    'disprin',
  ]),
  medicine('Prasugrel', 'प्रासुग्रेल', 'B01AC22', ['antiplatelet'], '613391'),
  medicine('Ticagrelor', 'टिकाग्रेलॉर', 'B01AC24', ['antiplatelet'], '1116632', ['brilinta']),
  medicine('Dipyridamole', 'डिपिरिडामोल', 'B01AC07', ['antiplatelet']),
  medicine('Cilostazol', 'सिलोस्टाज़ोल', 'B01AC23', ['antiplatelet']),
  medicine('Insulin glargine', 'इंसुलिन ग्लार्जीन', 'A10AE04', ['insulin', 'diabetes'], '274783', [
    'lantus',
    'basalog',
    'toujeo',
  ]),
  medicine('Insulin degludec', 'इंसुलिन डेग्लुडेक', 'A10AE06', ['insulin', 'diabetes'], undefined, ['tresiba']),
  medicine('Insulin detemir', 'इंसुलिन डेटेमिर', 'A10AE05', ['insulin', 'diabetes'], undefined, ['levemir']),
  medicine('Insulin lispro', 'इंसुलिन लिस्प्रो', 'A10AB04', ['insulin', 'diabetes'], '86009', ['humalog']),
  medicine('Insulin aspart', 'इंसुलिन एस्पार्ट', 'A10AB05', ['insulin', 'diabetes'], '51428', [
    'novorapid',
    'novolog',
    'fiasp',
  ]),
  medicine('Insulin glulisine', 'इंसुलिन ग्लुलिसीन', 'A10AB06', ['insulin', 'diabetes'], undefined, ['apidra']),
  medicine('Insulin, regular', 'इंसुलिन रेगुलर', 'A10AB01', ['insulin', 'diabetes'], '253182', [
    'actrapid',
    'humulin r',
    'insulin human',
  ]),
  medicine('Insulin, NPH', 'इंसुलिन एन-पी-एच', 'A10AC01', ['insulin', 'diabetes'], undefined, [
    'isophane insulin',
    'insulatard',
    'humulin n',
  ]),
  medicine('Insulin, mixed 30/70', 'इंसुलिन मिक्स 30/70', 'A10AD01', ['insulin', 'diabetes'], undefined, [
    'mixtard',
    'premixed insulin',
  ]),
  medicine('Insulin', 'इंसुलिन', 'A10A', ['insulin', 'diabetes']),
  medicine('Hydrocortisone', 'हाइड्रोकॉर्टिसोन', 'H02AB09', ['steroid'], '5492', ['cortisol']),
  medicine('Prednisolone', 'प्रेडनिसोलोन', 'H02AB06', ['steroid'], '8638', ['wysolone', 'omnacortil']),
  medicine('Prednisone', 'प्रेडनिसोन', 'H02AB07', ['steroid'], '8640'),
  medicine('Methylprednisolone', 'मिथाइलप्रेडनिसोलोन', 'H02AB04', ['steroid'], undefined, ['medrol']),
  medicine('Dexamethasone', 'डेक्सामेथासोन', 'H02AB02', ['steroid'], '3264', ['dexona', 'decadron']),
  medicine('Deflazacort', 'डिफ्लाज़ाकोर्ट', 'H02AB13', ['steroid']),
  medicine('Fludrocortisone', 'फ़्लुड्रोकॉर्टिसोन', 'H02AA02', ['steroid']),
  medicine('Epinephrine (adrenaline) pen', 'एड्रेनालिन पेन', 'C01CA24', ['rescue-adrenaline'], undefined, [
    'epinephrine',
    'adrenaline',
    'epipen',
  ]),
  medicine('Factor VIII', 'फ़ैक्टर 8', 'B02BD02', ['bleeding-disorder']),
  medicine('Emicizumab', 'एमिसिज़ुमाब', 'B02BX06', ['bleeding-disorder'], undefined, ['hemlibra']),
  medicine('Tranexamic acid', 'ट्रानेक्सामिक एसिड', 'B02AA02', [], undefined, ['trapic']),
  medicine('Phenytoin', 'फ़ेनिटोइन', 'N03AB02', ['antiepileptic'], '8183', ['eptoin', 'dilantin']),
  medicine('Carbamazepine', 'कार्बामाज़ेपीन', 'N03AF01', ['antiepileptic'], '2002', ['tegretol']),
  medicine('Oxcarbazepine', 'ऑक्सकार्बाज़ेपीन', 'N03AF02', ['antiepileptic'], undefined, ['oxetol', 'trileptal']),
  medicine('Valproate', 'वैल्प्रोएट', 'N03AG01', ['antiepileptic'], '11118', [
    'valproic acid',
    'sodium valproate',
    'valparin',
    'encorate',
    'depakote',
  ]),
  medicine('Levetiracetam', 'लेवेटिरासेटाम', 'N03AX14', ['antiepileptic'], '114477', ['levipil', 'keppra']),
  medicine('Lamotrigine', 'लैमोट्रिजीन', 'N03AX09', ['antiepileptic'], '28439', ['lamictal']),
  medicine('Topiramate', 'टोपिरामेट', 'N03AX11', ['antiepileptic']),
  medicine('Phenobarbital', 'फ़ेनोबार्बिटाल', 'N03AA02', ['antiepileptic'], undefined, [
    'phenobarbitone',
    'gardenal',
  ]),
  medicine('Clobazam', 'क्लोबाज़ाम', 'N05BA09', ['antiepileptic'], undefined, ['frisium']),
  medicine('Lacosamide', 'लैकोसामाइड', 'N03AX18', ['antiepileptic']),
  medicine('Clonazepam', 'क्लोनाज़ेपाम', 'N03AE01', ['antiepileptic'], '2598', ['klonopin', 'rivotril']),
  medicine('Gabapentin', 'गाबापेंटिन', 'N02BF01', [], '25480'),
  medicine('Pregabalin', 'प्रीगाबालिन', 'N02BF02', [], undefined, ['lyrica']),
  medicine('Morphine', 'मॉर्फ़ीन', 'N02AA01', ['opioid'], '7052'),
  medicine('Fentanyl', 'फ़ेंटानिल', 'N02AB03', ['opioid'], '4337'),
  medicine('Oxycodone', 'ऑक्सीकोडोन', 'N02AA05', ['opioid'], '7804'),
  medicine('Tramadol', 'ट्रामाडोल', 'N02AX02', ['opioid'], '10689', ['ultram']),
  medicine('Tapentadol', 'टैपेंटाडोल', 'N02AX06', ['opioid']),
  medicine('Codeine', 'कोडीन', 'R05DA04', ['opioid'], '2670'),
  medicine('Methadone', 'मेथाडोन', 'N07BC02', ['opioid', 'substance-use']),
  medicine('Buprenorphine', 'ब्यूप्रेनॉर्फ़ीन', 'N07BC01', ['opioid', 'substance-use'], undefined, ['suboxone']),
  medicine('Azathioprine', 'एज़ाथायोप्रिन', 'L04AX01', ['immunosuppressant'], '1256', ['imuran']),
  medicine('Tacrolimus', 'टैक्रोलिमस', 'L04AD02', ['immunosuppressant'], '42316', ['pangraf', 'prograf']),
  medicine('Ciclosporin', 'साइक्लोस्पोरिन', 'L04AD01', ['immunosuppressant'], '3008', [
    'cyclosporine',
    'cyclosporin',
  ]),
  medicine('Mycophenolate', 'माइकोफ़ेनोलेट', 'L04AA06', ['immunosuppressant'], undefined, [
    'mycophenolic acid',
    'cellcept',
  ]),
  medicine('Methotrexate', 'मेथोट्रेक्सेट', 'L04AX03', ['immunosuppressant'], '6851', ['folitrax']),
  medicine('Adalimumab', 'एडालिमुमाब', 'L04AB04', ['immunosuppressant'], undefined, ['humira']),
  medicine('Etanercept', 'एटानरसेप्ट', 'L04AB01', ['immunosuppressant']),
  medicine('Infliximab', 'इन्फ्लिक्सिमाब', 'L04AB02', ['immunosuppressant']),
  medicine('Leflunomide', 'लेफ्लुनोमाइड', undefined, ['immunosuppressant']),
  medicine('Hydroxychloroquine', 'हाइड्रॉक्सीक्लोरोक्विन', 'P01BA02', [], undefined, ['hcq']),
  medicine('Sulfasalazine', 'सल्फ़ासालाज़ीन', 'A07EC01'),
  medicine('Oxaliplatin', 'ऑक्सालिप्लाटिन', undefined, ['chemotherapy']),
  medicine('Docetaxel', 'डोसेटैक्सेल', 'L01CD02', ['chemotherapy']),
  medicine('Hydroxycarbamide', 'हाइड्रॉक्सीकार्बामाइड', undefined, ['chemotherapy'], undefined, ['hydroxyurea']),
  medicine('Tamoxifen', 'टैमॉक्सीफ़ेन', 'L02BA01'),
  medicine('Amiodarone', 'एमियोडैरोन', 'C01BD01', ['antiarrhythmic'], '703', ['cordarone']),
  medicine('Digoxin', 'डिगॉक्सिन', 'C01AA05', ['antiarrhythmic'], '3407', ['lanoxin']),
  medicine('Metoprolol', 'मेटोप्रोलोल', 'C07AB02', ['beta-blocker'], '6918', ['metolar', 'betaloc']),
  medicine('Atenolol', 'एटेनोलोल', 'C07AB03', ['beta-blocker'], '1202'),
  medicine('Bisoprolol', 'बिसोप्रोलोल', 'C07AB07', ['beta-blocker']),
  medicine('Carvedilol', 'कार्वेडिलोल', 'C07AG02', ['beta-blocker'], '20352'),
  medicine('Nebivolol', 'नेबिवोलोल', 'C07AB12', ['beta-blocker']),
  medicine('Propranolol', 'प्रोप्रानोलोल', 'C07AA05', ['beta-blocker'], '8787', ['inderal']),
  medicine('Glyceryl trinitrate', 'नाइट्रोग्लिसरीन', 'C01DA02', ['nitrate'], undefined, [
    'nitroglycerin',
    'gtn',
  ]),
  medicine('Isosorbide mononitrate', 'आइसोसॉर्बाइड', 'C01DA14', ['nitrate']),
  medicine('Amlodipine', 'एम्लोडिपिन', 'C08CA01', [], '17767', ['amlong']),
  medicine('Nifedipine', 'निफ़ेडिपिन', 'C08CA05'),
  medicine('Diltiazem', 'डिल्टियाज़ेम', 'C08DB01'),
  medicine('Verapamil', 'वेरापामिल', 'C08DA01'),
  medicine('Telmisartan', 'टेल्मिसार्टन', 'C09CA07', [], undefined, ['telma']),
  medicine('Losartan', 'लोसार्टन', 'C09CA01', [], '52175'),
  medicine('Ramipril', 'रामिप्रिल', 'C09AA05', [], undefined, ['cardace']),
  medicine('Enalapril', 'एनालाप्रिल', 'C09AA02'),
  medicine('Lisinopril', 'लिसिनोप्रिल', 'C09AA03', [], '29046'),
  medicine('Sacubitril and valsartan', 'साक्यूबिट्रिल और वाल्सार्टन', 'C09DX04', [], undefined, [
    'entresto',
    'vymada',
  ]),
  medicine('Furosemide', 'फ़्यूरोसेमाइड', 'C03CA01', [], '4603', ['lasix', 'frusemide']),
  medicine('Torasemide', 'टोरासेमाइड', 'C03CA04', [], undefined, ['torsemide', 'dytor']),
  medicine('Spironolactone', 'स्पाइरोनोलैक्टोन', 'C03DA01', [], '9997', ['aldactone']),
  medicine('Hydrochlorothiazide', 'हाइड्रोक्लोरोथायज़ाइड', 'C03AA03', [], '5487'),
  medicine('Chlorthalidone', 'क्लोरथैलिडोन', 'C03BA04'),
  medicine('Atorvastatin', 'एटोरवास्टेटिन', 'C10AA05', [], '83367', ['lipitor']),
  medicine('Rosuvastatin', 'रोसुवास्टेटिन', 'C10AA07'),
  medicine('Simvastatin', 'सिमवास्टेटिन', 'C10AA01', [], '36567'),
  medicine('Metformin', 'मेटफ़ॉर्मिन', 'A10BA02', ['diabetes'], '6809', ['glycomet', 'glucophage']),
  medicine('Glimepiride', 'ग्लिमेपिराइड', 'A10BB12', ['diabetes'], undefined, ['amaryl']),
  medicine('Gliclazide', 'ग्लिक्लाज़ाइड', 'A10BB09', ['diabetes']),
  medicine('Glibenclamide', 'ग्लिबेनक्लामाइड', 'A10BB01', ['diabetes'], undefined, ['glyburide']),
  medicine('Sitagliptin', 'सिटाग्लिप्टिन', 'A10BH01', ['diabetes']),
  medicine('Vildagliptin', 'विल्डाग्लिप्टिन', 'A10BH02', ['diabetes']),
  medicine('Dapagliflozin', 'डापाग्लिफ़्लोज़िन', 'A10BK01', ['diabetes'], undefined, ['forxiga']),
  medicine('Empagliflozin', 'एम्पाग्लिफ़्लोज़िन', 'A10BK03', ['diabetes'], undefined, ['jardiance']),
  medicine('Semaglutide', 'सेमाग्लुटाइड', 'A10BJ06', ['diabetes'], undefined, ['ozempic', 'rybelsus']),
  medicine('Levothyroxine', 'लेवोथायरॉक्सिन', 'H03AA01', ['thyroid'], '10582', [
    'thyroxine',
    'thyronorm',
    'eltroxin',
  ]),
  medicine('Carbimazole', 'कार्बिमाज़ोल', 'H03BB01', ['thyroid']),
  medicine('Desmopressin', 'डेस्मोप्रेसिन', 'H01BA02'),
  medicine('Salbutamol', 'सालब्यूटामोल', 'R03AC02', [], '435', ['albuterol', 'asthalin', 'ventolin']),
  medicine('Budesonide and formoterol', 'बुडेसोनाइड और फ़ॉर्मोटेरोल', 'R03AK07', [], undefined, [
    'foracort',
    'symbicort',
  ]),
  medicine('Salmeterol and fluticasone', 'सालमेटेरोल और फ़्लुटिकासोन', 'R03AK06', [], undefined, [
    'seroflo',
    'seretide',
    'advair',
  ]),
  medicine('Fluticasone, inhaled', 'फ़्लुटिकासोन, सूँघने वाली', 'R03BA05', [], undefined, ['fluticasone']),
  medicine('Budesonide, inhaled', 'बुडेसोनाइड, सूँघने वाली', 'R03BA02', [], undefined, ['budecort', 'budesonide']),
  medicine('Tiotropium', 'टियोट्रोपियम', 'R03BB04'),
  medicine('Ipratropium', 'इप्राट्रोपियम', 'R03BB01'),
  medicine('Montelukast', 'मोंटेलुकास्ट', 'R03DC03', [], '88249'),
  medicine('Theophylline', 'थियोफ़िलिन', 'R03DA04'),
  medicine('Levodopa and carbidopa', 'लेवोडोपा और कार्बिडोपा', 'N04BA02', [], undefined, [
    'syndopa',
    'sinemet',
    'levodopa',
  ]),
  medicine('Pyridostigmine', 'पाइरिडोस्टिग्मिन', 'N07AA02', [], undefined, ['mestinon']),
  medicine('Donepezil', 'डोनेपेज़िल', 'N06DA02', [], undefined, ['aricept']),
  medicine('Memantine', 'मेमांटीन', 'N06DX01'),
  medicine('Baclofen', 'बैक्लोफ़ेन', 'M03BX01'),
  medicine('Allopurinol', 'एलोप्यूरिनॉल', 'M04AA01', [], '519'),
  medicine('Colchicine', 'कोल्चिसिन', 'M04AC01', [], '2683'),
  medicine('Alendronic acid', 'एलेंड्रोनिक एसिड', 'M05BA04', [], undefined, ['alendronate']),
  medicine('Tamsulosin', 'टैम्सुलोसिन', 'G04CA02'),
  medicine('Omeprazole', 'ओमेप्राज़ोल', 'A02BC01', [], '7646'),
  medicine('Pantoprazole', 'पैंटोप्राज़ोल', 'A02BC02', [], '40790', ['pan 40']),
  medicine('Paracetamol', 'पैरासिटामोल', 'N02BE01', [], '161', ['acetaminophen', 'crocin', 'dolo']),
  medicine('Ibuprofen', 'आइबुप्रोफ़ेन', 'M01AE01', [], '5640', ['brufen']),
  medicine('Naproxen', 'नेप्रोक्सेन', 'M01AE02', [], '7258'),
  medicine('Diclofenac', 'डाइक्लोफ़ेनैक', 'M01AB05', [], '3355', ['voveran']),
  medicine('Amoxicillin', 'एमोक्सिसिलिन', 'J01CA04', [], '723', ['amoxycillin']),
  medicine('Azithromycin', 'एज़िथ्रोमाइसिन', 'J01FA10', [], '18631'),
  medicine('Ciprofloxacin', 'सिप्रोफ़्लॉक्सासिन', 'J01MA02', [], '2551'),
  medicine('Isoniazid', 'आइसोनियाज़िड', 'J04AC01'),
  medicine('Rifampicin', 'रिफ़ैम्पिसिन', 'J04AB02', [], undefined, ['rifampin']),
  medicine('Iron tablets', 'आयरन की गोली', 'B03AA07', [], undefined, [
    'ferrous sulfate',
    'ferrous sulphate',
    'iron',
  ]),
  medicine('Folic acid', 'फ़ोलिक एसिड', 'B03BB01'),
  medicine('Vitamin B12', 'विटामिन बी12', 'B03BA01', [], undefined, ['cyanocobalamin', 'vitamin b 12']),
  medicine('Vitamin D', 'विटामिन डी', 'A11CC05', [], undefined, ['cholecalciferol', 'colecalciferol']),
  medicine('Calcium', 'कैल्शियम', 'A12AA04', [], undefined, ['calcium carbonate', 'shelcal']),
  medicine('Cetirizine', 'सेटिरिज़ीन', 'R06AE07'),
  medicine('Loratadine', 'लोराटाडीन', 'R06AX13'),
  medicine('Diazepam', 'डायज़ेपाम', 'N05BA01', [], '3322', ['valium']),
  medicine('Alprazolam', 'अल्प्राज़ोलाम', 'N05BA12', ['mental-health'], '596', ['xanax']),
  medicine('Lorazepam', 'लोराज़ेपाम', 'N05BA06', [], '6470', ['ativan']),
  medicine('Sertraline', 'सर्ट्रालीन', 'N06AB06', ['mental-health'], '36437', ['zoloft']),
  medicine('Fluoxetine', 'फ़्लुओक्सेटीन', 'N06AB03', ['mental-health'], '4493', ['prozac']),
  medicine('Escitalopram', 'एस्सिटालोप्राम', 'N06AB10', ['mental-health']),
  medicine('Amitriptyline', 'एमिट्रिप्टिलीन', 'N06AA09', ['mental-health']),
  medicine('Lithium', 'लिथियम', 'N05AN01', ['mental-health'], '6448'),
  medicine('Olanzapine', 'ओलान्ज़ापीन', 'N05AH03', ['mental-health']),
  medicine('Quetiapine', 'क्विटियापीन', 'N05AH04', ['mental-health']),
  medicine('Risperidone', 'रिस्पेरिडोन', 'N05AX08', ['mental-health']),
  medicine('Clozapine', 'क्लोज़ापीन', 'N05AH02', ['mental-health']),
  medicine('Haloperidol', 'हैलोपेरिडॉल', 'N05AD01', ['mental-health']),
  medicine(
    'Tenofovir, lamivudine, dolutegravir',
    'टेनोफ़ोविर, लैमिवुडीन, डोलुटेग्राविर',
    'J05AR27',
    ['hiv'],
    undefined,
    ['tld', 'dolutegravir', 'antiretroviral'],
  ),
  medicine('Efavirenz', 'एफ़ाविरेंज़', 'J05AG03', ['hiv']),
  medicine('Naltrexone', 'नाल्ट्रेक्सोन', 'N07BB04', ['substance-use']),
  medicine('Disulfiram', 'डाइसल्फिराम', 'N07BB01', ['substance-use']),
  medicine('Sildenafil', 'सिल्डेनाफ़िल', 'G04BE03', ['sexual-health'], undefined, ['viagra']),
  medicine('Contraceptive pill', 'गर्भनिरोधक गोली', 'G03AA07', ['contraception'], undefined, [
    'levonorgestrel',
    'ethinylestradiol',
    'oral contraceptive',
  ]),
];

const atcClasses: readonly (readonly [prefix: string, medicineClass: MedicineClass])[] = [
  ['B01AA', 'anticoagulant'],
  ['B01AB', 'anticoagulant'],
  ['B01AE', 'anticoagulant'],
  ['B01AF', 'anticoagulant'],
  ['B01AX05', 'anticoagulant'],
  ['B01AC', 'antiplatelet'],
  ['A10A', 'insulin'],
  ['A10', 'diabetes'],
  ['H02', 'steroid'],
  ['N02A', 'opioid'],
  ['N03', 'antiepileptic'],
  ['L04', 'immunosuppressant'],
  ['L01', 'chemotherapy'],
  ['C01B', 'antiarrhythmic'],
  ['C07', 'beta-blocker'],
  ['C01DA', 'nitrate'],
  ['N05A', 'mental-health'],
  ['N05BA12', 'mental-health'],
  ['N05BB', 'mental-health'],
  ['N05BE', 'mental-health'],
  ['N06A', 'mental-health'],
  ['J05AE', 'hiv'],
  ['J05AF', 'hiv'],
  ['J05AG', 'hiv'],
  ['J05AJ', 'hiv'],
  ['J05AR', 'hiv'],
  ['N07B', 'substance-use'],
  ['G03A', 'contraception'],
  ['G02B', 'contraception'],
  ['G04BE', 'sexual-health'],
  ['B02BD', 'bleeding-disorder'],
];

// Brand and package names of imported contraceptives and other sensitive products that carry no generic word.
const brandClasses: readonly (readonly [word: string, medicineClass: MedicineClass])[] = [
  ['trinessa', 'contraception'],
  ['yaz', 'contraception'],
  ['seasonique', 'contraception'],
  ['jolivette', 'contraception'],
  ['natazia', 'contraception'],
  ['camila', 'contraception'],
  ['errin', 'contraception'],
  ['levora', 'contraception'],
  ['mirena', 'contraception'],
  ['liletta', 'contraception'],
  ['kyleena', 'contraception'],
  ['nuvaring', 'contraception'],
  ['nexplanon', 'contraception'],
  ['etonogestrel', 'contraception'],
  ['medroxyprogesterone', 'contraception'],
  ['ethinyl', 'contraception'],
  ['norelgestromin', 'contraception'],
  ['emtricitabine', 'hiv'],
  ['abacavir', 'hiv'],
  ['zidovudine', 'hiv'],
  ['lopinavir', 'hiv'],
  ['ritonavir', 'hiv'],
  ['tenofovir', 'hiv'],
  ['citalopram', 'mental-health'],
  ['paroxetine', 'mental-health'],
  ['venlafaxine', 'mental-health'],
  ['mirtazapine', 'mental-health'],
  ['aripiprazole', 'mental-health'],
  ['bupropion', 'mental-health'],
  ['hydrocodone', 'opioid'],
  ['hydromorphone', 'opioid'],
  ['tinzaparin', 'anticoagulant'],
];

// Skin, eye, nose and inhaled forms do not act on the whole body the way the class warns of.
const localForms = new Set(
  'cream ointment lotion gel topical ophthalmic eye ear otic nasal nose inhaler inhaled inhalation shampoo foam'.split(
    ' ',
  ),
);

type NamedMedicine = { readonly entry: MedicineEntry; readonly sought: string; readonly generic: boolean };

let namedMedicines: readonly NamedMedicine[] | undefined;

/** Every name in plain words, longest first, so that "insulin glargine" is found before "insulin". Made once. */
function medicineNames(): readonly NamedMedicine[] {
  namedMedicines ??= medicines
    .flatMap((entry) =>
      [entry.en, entry.hi, ...entry.aliases].map((name) => ({
        entry,
        sought: ` ${plainWords(name).join(' ')} `,
        generic: name === entry.en,
      })),
    )
    .sort((a, b) => b.sought.length - a.sought.length);
  return namedMedicines;
}

/** The entry whose name or alias is found, as whole words, in a product name such as "predniSONE 5 MG Oral Tablet". */
export function medicineEntry(codes: readonly Code[], name: string): MedicineEntry | undefined {
  const coded = findEntry(
    medicines,
    codes.filter((code) => code.system === atc || code.system === rxNorm),
    '',
  );
  if (coded !== undefined) return coded;
  const words = ` ${plainWords(name).join(' ')} `;
  return medicineNames().find(({ sought }) => words.includes(sought))?.entry;
}

/** What kinds of medicine this is, from its codes and from the words of its name. */
export function medicineClasses(codes: readonly Code[], name: string): readonly MedicineClass[] {
  const found = new Set<MedicineClass>();
  for (const code of codes) {
    if (code.system !== atc) continue;
    for (const [prefix, medicineClass] of atcClasses)
      if (code.code.startsWith(prefix)) found.add(medicineClass);
  }
  for (const medicineClass of medicineEntry(codes, name)?.classes ?? []) found.add(medicineClass);
  const words = plainWords(name);
  for (const [word, medicineClass] of brandClasses) if (words.includes(word)) found.add(medicineClass);
  // A product may join several ingredients, and the entry found above is only one of them.
  const text = ` ${words.join(' ')} `;
  for (const { entry, sought, generic } of medicineNames()) {
    if (generic && entry.classes.length > 0 && text.includes(sought))
      for (const medicineClass of entry.classes) found.add(medicineClass);
  }
  if (words.some((word) => localForms.has(word))) {
    for (const wholeBody of ['steroid', 'anticoagulant', 'antiplatelet', 'immunosuppressant'] as const)
      found.delete(wholeBody);
  }
  return [...found];
}
