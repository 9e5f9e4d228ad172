// Active ingredients by their names, in the groups that the rules speak of, with other names and ATC groups. Names of ingredients
// only: brand names are those of the record's own list of medicines. Knows no rules.

/** Group -> ingredients, separated by commas. An ingredient may be in several groups. */
export const ingredientsOfGroup = {
  penicillin:
    'amoxicillin, ampicillin, benzylpenicillin, benzathine benzylpenicillin, phenoxymethylpenicillin, flucloxacillin, cloxacillin, dicloxacillin, nafcillin, oxacillin, piperacillin, ticarcillin, pivmecillinam, penicillin',
  'amino-side-chain': 'amoxicillin, ampicillin, cefalexin, cefaclor, cefadroxil, cefprozil',
  cephalosporin:
    'cefalexin, cefaclor, cefadroxil, cefprozil, cefazolin, cefuroxime, cefoxitin, cefixime, cefpodoxime, cefdinir, cefotaxime, ceftriaxone, ceftazidime, cefepime, cefoperazone, ceftaroline',
  carbapenem: 'imipenem, meropenem, ertapenem, doripenem',
  sulfonamide: 'sulfamethoxazole, sulfadiazine, sulfadoxine, sulfacetamide, sulfasalazine',
  macrolide: 'erythromycin, clarithromycin, azithromycin, roxithromycin, telithromycin',
  fluoroquinolone:
    'ciprofloxacin, levofloxacin, moxifloxacin, ofloxacin, norfloxacin, gatifloxacin, sparfloxacin',
  tetracycline: 'tetracycline, doxycycline, minocycline, oxytetracycline, tigecycline',
  aminoglycoside: 'gentamicin, amikacin, tobramycin, streptomycin, neomycin, kanamycin',
  nsaid:
    'ibuprofen, naproxen, diclofenac, ketorolac, indometacin, piroxicam, meloxicam, aceclofenac, etodolac, ketoprofen, mefenamic acid, nimesulide, celecoxib, etoricoxib, parecoxib, flurbiprofen, tenoxicam',
  'cox-1-nsaid':
    'aspirin, ibuprofen, naproxen, diclofenac, ketorolac, indometacin, piroxicam, aceclofenac, etodolac, ketoprofen, mefenamic acid, flurbiprofen, tenoxicam',
  salicylate: 'aspirin, salsalate, diflunisal, choline salicylate',
  opioid:
    'morphine, fentanyl, oxycodone, hydrocodone, hydromorphone, tramadol, tapentadol, codeine, dihydrocodeine, methadone, buprenorphine, pethidine, oxymorphone, pentazocine',
  'codeine-like': 'morphine, codeine, dihydrocodeine, hydrocodone, oxycodone, hydromorphone, oxymorphone',
  benzodiazepine:
    'diazepam, lorazepam, alprazolam, clonazepam, clobazam, midazolam, temazepam, nitrazepam, oxazepam, chlordiazepoxide',
  maoi: 'tranylcypromine, isocarboxazid, phenelzine, selegiline, rasagiline, procarbazine, moclobemide, safinamide',
  'classic-maoi': 'tranylcypromine, isocarboxazid, phenelzine',
  ssri: 'citalopram, escitalopram, fluoxetine, fluvoxamine, paroxetine, sertraline',
  snri: 'venlafaxine, desvenlafaxine, duloxetine, milnacipran',
  tricyclic:
    'amitriptyline, nortriptyline, imipramine, desipramine, clomipramine, doxepin, trimipramine, protriptyline',
  amphetamine:
    'amphetamine, dexamfetamine, lisdexamfetamine, methamphetamine, methylphenidate, dexmethylphenidate, atomoxetine, benzphetamine, diethylpropion, phendimetrazine, phentermine, pseudoephedrine, ephedrine',
  'serotonergic-opioid': 'pethidine, tramadol, tapentadol, fentanyl, methadone, dextromethorphan',
  triptan: 'sumatriptan, rizatriptan, zolmitriptan, eletriptan, naratriptan, almotriptan, frovatriptan',
  'triptan-by-mao': 'sumatriptan, rizatriptan, zolmitriptan',
  'other-serotonergic': 'mirtazapine, trazodone, nefazodone, buspirone, cyclobenzaprine, vilazodone',
  'qt-prolonging':
    'amiodarone, anagrelide, arsenic trioxide, astemizole, azithromycin, bepridil, chloroquine, chlorpromazine, cisapride, citalopram, clarithromycin, cocaine, disopyramide, dofetilide, domperidone, dronedarone, droperidol, erythromycin, escitalopram, flecainide, halofantrine, haloperidol, ibutilide, levacetylmethadol, mesoridazine, methadone, moxifloxacin, ondansetron, pentamidine, pimozide, probucol, procainamide, quinidine, sevoflurane, sotalol, sparfloxacin, sulpiride, terfenadine, thioridazine, vandetanib',
  'protease-inhibitor':
    'atazanavir, darunavir, fosamprenavir, amprenavir, indinavir, lopinavir, nelfinavir, ritonavir, saquinavir, tipranavir',
  'strong-cyp3a4-inhibitor':
    'ketoconazole, itraconazole, clarithromycin, telithromycin, nefazodone, atazanavir, darunavir, fosamprenavir, amprenavir, indinavir, lopinavir, nelfinavir, ritonavir, saquinavir, tipranavir, cobicistat, posaconazole, voriconazole',
  'cyp3a4-inhibitor':
    'ketoconazole, itraconazole, posaconazole, voriconazole, fluconazole, clarithromycin, erythromycin, telithromycin, nefazodone, atazanavir, darunavir, fosamprenavir, amprenavir, indinavir, lopinavir, nelfinavir, ritonavir, saquinavir, tipranavir, cobicistat, diltiazem, verapamil, amiodarone, aprepitant, cimetidine',
  'cyp3a4-inducer': 'rifampicin, rifabutin, rifapentine, carbamazepine, phenytoin, phenobarbital, bosentan',
  'cyp1a2-inhibitor':
    'ciprofloxacin, fluvoxamine, ticlopidine, amiodarone, mexiletine, propafenone, zileuton',
  'cyp3a4-statin': 'simvastatin, lovastatin',
  ergot: 'ergotamine, dihydroergotamine, ergometrine, methylergometrine',
  'proton-pump-inhibitor':
    'omeprazole, esomeprazole, lansoprazole, dexlansoprazole, pantoprazole, rabeprazole',
  'vitamin-k-antagonist': 'warfarin, acenocoumarol, phenprocoumon',
  anticoagulant:
    'warfarin, acenocoumarol, phenprocoumon, apixaban, rivaroxaban, edoxaban, dabigatran, heparin, enoxaparin, dalteparin, fondaparinux',
  nitrate: 'glyceryl trinitrate, isosorbide mononitrate, isosorbide dinitrate, nicorandil',
  'pde5-inhibitor': 'sildenafil, tadalafil, vardenafil, avanafil',
  'ace-inhibitor':
    'ramipril, enalapril, lisinopril, perindopril, captopril, quinapril, benazepril, fosinopril, trandolapril',
  'angiotensin-blocker':
    'losartan, telmisartan, valsartan, olmesartan, candesartan, irbesartan, azilsartan, eprosartan',
  'potassium-raising': 'spironolactone, eplerenone, amiloride, triamterene, potassium chloride',
  thiopurine: 'azathioprine, mercaptopurine',
  'rate-limiting-calcium-blocker': 'verapamil, diltiazem',
  'beta-blocker':
    'metoprolol, atenolol, bisoprolol, carvedilol, nebivolol, propranolol, labetalol, timolol, sotalol',
  'thiazide-or-ace':
    'hydrochlorothiazide, chlortalidone, indapamide, ramipril, enalapril, lisinopril, losartan',
  contraceptive: 'levonorgestrel, ethinylestradiol, norethisterone, desogestrel, drospirenone',
  retinoid: 'isotretinoin, acitretin',
  'aromatic-antiepileptic': 'phenytoin, carbamazepine, oxcarbazepine, lamotrigine, phenobarbital',
} as const satisfies Record<string, string>;

export type GroupId = keyof typeof ingredientsOfGroup;

/** Ingredients that rules name and no group holds, and such as are only told apart. */
export const otherIngredients =
  'paracetamol, salbutamol, salmeterol, formoterol, budesonide, fluticasone, clavulanic acid, tazobactam, trimethoprim, metronidazole, tinidazole, linezolid, methylthioninium chloride, vancomycin, clindamycin, nitrofurantoin, isoniazid, pyrazinamide, ethambutol, tizanidine, ramelteon, irinotecan, febuxostat, allopurinol, methotrexate, lithium, digoxin, colchicine, disulfiram, clopidogrel, theophylline, valproate, sacubitril, aliskiren, riociguat, metformin, glimepiride, gliclazide, glibenclamide, sitagliptin, vildagliptin, amlodipine, nifedipine, atorvastatin, rosuvastatin, pravastatin, furosemide, torasemide, levothyroxine, carbimazole, prednisolone, prednisone, dexamethasone, hydrocortisone, methylprednisolone, deflazacort, cetirizine, levocetirizine, loratadine, fexofenadine, promethazine, loperamide, metoclopramide, ranitidine, famotidine, montelukast, tamsulosin, gabapentin, pregabalin, levetiracetam, topiramate, risperidone, olanzapine, quetiapine, clozapine, donepezil, memantine, levodopa, carbidopa, tamoxifen, ciclosporin, tacrolimus, mycophenolate, hydroxychloroquine, artemether, lumefantrine, primaquine, albendazole, ivermectin, aciclovir, oseltamivir, dolutegravir, tenofovir, lamivudine, efavirenz, zidovudine, nevirapine, insulin, folic acid, cyanocobalamin, colecalciferol, iron, calcium, adrenaline, lidocaine, bupivacaine, chlorhexidine, tranexamic acid, baclofen, alendronic acid, prasugrel, ticagrelor, dipyridamole, cilostazol, semaglutide, liraglutide, dapagliflozin, empagliflozin, pioglitazone, tiotropium, ipratropium, finasteride, oxybutynin, bisacodyl, lactulose, ambroxol, guaifenesin, chlorphenamine, diphenhydramine, hydroxyzine, naltrexone, ketamine, propofol, iodinated contrast, gelatin, latex, danazol, gemfibrozil, zolpidem, ivabradine, ranolazine, alfuzosin, triazolam, praziquantel';

/** Another name -> the name above. National names (INN, USAN, BAN), abbreviations of compounds. */
export const otherNames: Readonly<Record<string, string>> = {
  acetaminophen: 'paracetamol',
  albuterol: 'salbutamol',
  'acetylsalicylic acid': 'aspirin',
  asa: 'aspirin',
  epinephrine: 'adrenaline',
  amoxycillin: 'amoxicillin',
  'penicillin g': 'benzylpenicillin',
  'penicillin v': 'phenoxymethylpenicillin',
  'penicillin vk': 'phenoxymethylpenicillin',
  penicillins: 'penicillin',
  clavulanate: 'clavulanic acid',
  cephalexin: 'cefalexin',
  cefalexine: 'cefalexin',
  cephazolin: 'cefazolin',
  meperidine: 'pethidine',
  rifampin: 'rifampicin',
  cyclosporine: 'ciclosporin',
  cyclosporin: 'ciclosporin',
  acyclovir: 'aciclovir',
  indomethacin: 'indometacin',
  ergonovine: 'ergometrine',
  methylergonovine: 'methylergometrine',
  'levomethadyl acetate': 'levacetylmethadol',
  levomethadyl: 'levacetylmethadol',
  dextroamphetamine: 'dexamfetamine',
  dexamphetamine: 'dexamfetamine',
  lisdexamphetamine: 'lisdexamfetamine',
  amfetamine: 'amphetamine',
  methamfetamine: 'methamphetamine',
  benzfetamine: 'benzphetamine',
  amfepramone: 'diethylpropion',
  nitroglycerin: 'glyceryl trinitrate',
  nitroglycerine: 'glyceryl trinitrate',
  gtn: 'glyceryl trinitrate',
  isosorbide: 'isosorbide dinitrate',
  furosemid: 'furosemide',
  frusemide: 'furosemide',
  torsemide: 'torasemide',
  lignocaine: 'lidocaine',
  chlorthalidone: 'chlortalidone',
  glyburide: 'glibenclamide',
  phenobarbitone: 'phenobarbital',
  'valproic acid': 'valproate',
  divalproex: 'valproate',
  thyroxine: 'levothyroxine',
  chlorpheniramine: 'chlorphenamine',
  cholecalciferol: 'colecalciferol',
  'vitamin d': 'colecalciferol',
  'vitamin d3': 'colecalciferol',
  'vitamin b12': 'cyanocobalamin',
  'ferrous sulfate': 'iron',
  'ferrous sulphate': 'iron',
  'ferrous fumarate': 'iron',
  'calcium carbonate': 'calcium',
  alendronate: 'alendronic acid',
  'methylene blue': 'methylthioninium chloride',
  '6 mercaptopurine': 'mercaptopurine',
  nicoumalone: 'acenocoumarol',
  'mycophenolic acid': 'mycophenolate',
  'mycophenolate mofetil': 'mycophenolate',
  sulphamethoxazole: 'sulfamethoxazole',
  sulphadiazine: 'sulfadiazine',
  sulphasalazine: 'sulfasalazine',
  adrenalin: 'adrenaline',
  sulphadoxine: 'sulfadoxine',
  oestradiol: 'ethinylestradiol',
  'ethinyl estradiol': 'ethinylestradiol',
  norethindrone: 'norethisterone',
};

/** Names of compounds -> what is in them. */
export const compounds: Readonly<Record<string, readonly string[]>> = {
  'co trimoxazole': ['sulfamethoxazole', 'trimethoprim'],
  cotrimoxazole: ['sulfamethoxazole', 'trimethoprim'],
  'co amoxiclav': ['amoxicillin', 'clavulanic acid'],
  'co codamol': ['codeine', 'paracetamol'],
  coartem: ['artemether', 'lumefantrine'],
  tld: ['tenofovir', 'lamivudine', 'dolutegravir'],
};

/** How people name a whole group; singular, the plural is understood. */
export const groupNames: Readonly<Record<string, GroupId>> = {
  cephalosporin: 'cephalosporin',
  carbapenem: 'carbapenem',
  sulfa: 'sulfonamide',
  sulpha: 'sulfonamide',
  sulfonamide: 'sulfonamide',
  sulphonamide: 'sulfonamide',
  macrolide: 'macrolide',
  quinolone: 'fluoroquinolone',
  fluoroquinolone: 'fluoroquinolone',
  aminoglycoside: 'aminoglycoside',
  nsaid: 'nsaid',
  'non steroidal anti inflammatory': 'nsaid',
  'nonsteroidal anti inflammatory': 'nsaid',
  opioid: 'opioid',
  opiate: 'opioid',
  benzodiazepine: 'benzodiazepine',
  'ace inhibitor': 'ace-inhibitor',
  nitrate: 'nitrate',
};

/** ATC groups by the start of their code (WHO Collaborating Centre for Drug Statistics Methodology). */
export const atcGroups: readonly (readonly [prefix: string, group: GroupId])[] = [
  ['J01C', 'penicillin'],
  ['J01DB', 'cephalosporin'],
  ['J01DC', 'cephalosporin'],
  ['J01DD', 'cephalosporin'],
  ['J01DE', 'cephalosporin'],
  ['J01DH', 'carbapenem'],
  ['J01EB', 'sulfonamide'],
  ['J01EC', 'sulfonamide'],
  ['J01ED', 'sulfonamide'],
  ['J01EE', 'sulfonamide'],
  ['J01FA', 'macrolide'],
  ['J01MA', 'fluoroquinolone'],
  ['J01AA', 'tetracycline'],
  ['J01G', 'aminoglycoside'],
  ['M01AB', 'nsaid'],
  ['M01AC', 'nsaid'],
  ['M01AE', 'nsaid'],
  ['M01AH', 'nsaid'],
  ['N02A', 'opioid'],
  ['N05BA', 'benzodiazepine'],
  ['N05CD', 'benzodiazepine'],
  ['N06AA', 'tricyclic'],
  ['N06AB', 'ssri'],
  ['N06AF', 'maoi'],
  ['N02CC', 'triptan'],
  ['N02CA', 'ergot'],
  ['J05AE', 'protease-inhibitor'],
  ['A02BC', 'proton-pump-inhibitor'],
  ['B01AA', 'vitamin-k-antagonist'],
  ['B01AA', 'anticoagulant'],
  ['B01AB', 'anticoagulant'],
  ['B01AE', 'anticoagulant'],
  ['B01AF', 'anticoagulant'],
  ['C01DA', 'nitrate'],
  ['G04BE03', 'pde5-inhibitor'],
  ['G04BE08', 'pde5-inhibitor'],
  ['G04BE09', 'pde5-inhibitor'],
  ['G04BE10', 'pde5-inhibitor'],
  ['C09A', 'ace-inhibitor'],
  ['C09B', 'ace-inhibitor'],
  ['C09C', 'angiotensin-blocker'],
  ['C09DA', 'angiotensin-blocker'],
  ['C09DB', 'angiotensin-blocker'],
  ['C03D', 'potassium-raising'],
  ['C07', 'beta-blocker'],
  ['G03A', 'contraceptive'],
];
