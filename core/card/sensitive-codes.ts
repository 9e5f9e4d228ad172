// What stays off a card unless the holder ticks it: HIV, mental health, sexual health, substance use, reproductive
// history, violence suffered. Errs on the side of keeping off; knows nothing of cards or settings.

import { medicineClasses, type MedicineClass } from '../record/code-lists/medicines.ts';
import { icd10, icd10Cm, snomed } from '../record/code-systems.ts';
import type { Code, Fact, SectionId, SectionValues } from '../record/facts.ts';

export type SensitiveKind =
  'hiv' | 'mental-health' | 'sexual-health' | 'substance-use' | 'reproductive' | 'violence';

const snomedKinds: ReadonlyMap<string, SensitiveKind> = new Map<string, SensitiveKind>([
  ['86406008', 'hiv'], // Human immunodeficiency virus infection
  ['91947003', 'hiv'], // Asymptomatic HIV infection
  ['62479008', 'hiv'], // AIDS
  ['370143000', 'mental-health'], // Major depression disorder
  ['35489007', 'mental-health'], // Depressive disorder
  ['310495003', 'mental-health'], // Mild depression
  ['13746004', 'mental-health'], // Bipolar disorder
  ['58214004', 'mental-health'], // Schizophrenia
  ['68890003', 'mental-health'], // Schizoaffective disorder
  ['48694002', 'mental-health'], // Anxiety
  ['371631005', 'mental-health'], // Panic disorder
  ['191736004', 'mental-health'], // Obsessive-compulsive disorder
  ['47505003', 'mental-health'], // Posttraumatic stress disorder
  ['72366004', 'mental-health'], // Eating disorder
  ['56882008', 'mental-health'], // Anorexia nervosa
  ['33449004', 'mental-health'], // Personality disorder
  ['406506008', 'mental-health'], // Attention deficit hyperactivity disorder
  ['192127007', 'mental-health'], // Child attention deficit disorder
  ['82313006', 'mental-health'], // Suicide attempt
  ['225457007', 'mental-health'], // Feeling suicidal
  ['8098009', 'sexual-health'], // Sexually transmitted infectious disease
  ['76272004', 'sexual-health'], // Syphilis
  ['15628003', 'sexual-health'], // Gonorrhea
  ['105629000', 'sexual-health'], // Chlamydial infection
  ['33839006', 'sexual-health'], // Genital herpes simplex
  ['860914002', 'sexual-health'], // Erectile dysfunction
  ['407374003', 'sexual-health'], // Transsexual
  ['66590003', 'substance-use'], // Alcohol dependence
  ['7200002', 'substance-use'], // Alcoholism
  ['15167005', 'substance-use'], // Alcohol abuse
  ['75544000', 'substance-use'], // Opioid dependence
  ['191816009', 'substance-use'], // Drug dependence
  ['26416006', 'substance-use'], // Drug abuse
  ['6525002', 'substance-use'], // Dependent drug abuse
  ['361055000', 'substance-use'], // Misuses drugs
  ['55680006', 'substance-use'], // Drug overdose
  ['17369002', 'reproductive'], // Miscarriage
  ['19169002', 'reproductive'], // Miscarriage in first trimester
  ['156073000', 'reproductive'], // Complete miscarriage
  ['102878001', 'reproductive'], // Recurrent miscarriage
  ['39406005', 'reproductive'], // Legally induced abortion
  ['57797005', 'reproductive'], // Induced termination of pregnancy
  ['714812005', 'reproductive'], // Induced termination of pregnancy
  ['34801009', 'reproductive'], // Ectopic pregnancy
  ['237364002', 'reproductive'], // Stillbirth
  ['8619003', 'reproductive'], // Infertile
  ['2904007', 'reproductive'], // Male infertility
  ['6738008', 'reproductive'], // Female infertility
  ['386702006', 'violence'], // Victim of abuse
  ['397940009', 'violence'], // Victim of child abuse
  ['42085001', 'violence'], // Victim of rape
]);

// ICD-10 chapters. F0x (dementia, delirium) and F7x–F8x (development) are what a responder needs, so they stay.
const icdKinds: readonly (readonly [pattern: RegExp, kind: SensitiveKind])[] = [
  [/^(?:B2[0-4]|Z21|R75)/u, 'hiv'],
  [/^F1/u, 'substance-use'],
  [/^(?:F[2-6]|F9|X[67]|X8[0-4]|R45\.8)/u, 'mental-health'],
  [/^(?:A5[0-9]|A6[0-4]|N48\.4|F64|F65|F66)/u, 'sexual-health'],
  [/^(?:O0[0-8]|N46|N97|N96|P95|Z30|Z37\.[1347])/u, 'reproductive'],
  [/^(?:T74|Y0[5-7])/u, 'violence'],
];

const wordKinds: readonly (readonly [pattern: RegExp, kind: SensitiveKind])[] = [
  [/\b(?:hiv|aids|human immunodeficiency virus|retroviral)\b|एचआईवी|एड्स/iu, 'hiv'],
  [
    /\b(?:alcohol(?:ism)?|drug|opioid|opiate|cocaine|heroin|cannabis|substance)s? (?:dependen\w*|abuse|misuse|use disorder|addict\w*|overdose)\b|\balcoholism\b|\bmisuses drugs\b|\boverdose\b|नशे/iu,
    'substance-use',
  ],
  [
    /\b(?:depress(?:ion|ive)|bipolar|schizo\w*|psychos[ei]s|psychotic|anxiety|panic (?:disorder|attack)s?|obsessive|post-?traumatic stress|ptsd|anorexia nervosa|bulimi\w*|eating disorder|personality disorder|suicid\w*|self[- ]harm|attention deficit|adhd|mental (?:illness|disorder)|phobia)\b|अवसाद/iu,
    'mental-health',
  ],
  [
    /\b(?:syphilis|gonorrh\w*|chlamydia\w*|genital (?:herpes|warts?)|sexually transmitted|erectile|transsexual|gender (?:dysphoria|identity))\b/iu,
    'sexual-health',
  ],
  [
    /\b(?:miscarriage|abortion|termination of pregnancy|stillb\w+|ectopic pregnancy|infertil\w*|contracept\w*|steriliz\w*|vasectomy|tubal ligation|intrauterine device|iud)\b|गर्भपात|गर्भनिरोधक/iu,
    'reproductive',
  ],
  [/\b(?:rape|victim of|sexual assault|domestic violence|partner abuse|child abuse)\b/iu, 'violence'],
];

const classKinds: Partial<Readonly<Record<MedicineClass, SensitiveKind>>> = {
  hiv: 'hiv',
  'mental-health': 'mental-health',
  'substance-use': 'substance-use',
  'sexual-health': 'sexual-health',
  contraception: 'reproductive',
};

/** The kind of sensitive matter that codes or words name, if any. */
export function sensitiveKind(codes: readonly Code[], text: string): SensitiveKind | undefined {
  for (const code of codes) {
    const known = code.system === snomed ? snomedKinds.get(code.code) : undefined;
    if (known !== undefined) return known;
    if (code.system !== icd10 && code.system !== icd10Cm) continue;
    const chapter = icdKinds.find(([pattern]) => pattern.test(code.code));
    if (chapter !== undefined) return chapter[1];
  }
  const words = [text, ...codes.map((code) => code.display ?? '')];
  return wordKinds.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
}

type Value = SectionValues[SectionId];

/** The kind of sensitive matter a fact of a section is, so that the holder can be asked about it; undefined if none. */
export function sensitiveFactKind(section: SectionId, fact: Fact<Value>): SensitiveKind | undefined {
  const value = fact.value;
  if (section === 'medicines' && 'basis' in value) {
    for (const medicineClass of medicineClasses(value.codes, value.name)) {
      const kind = classKinds[medicineClass];
      if (kind !== undefined) return kind;
    }
    return sensitiveKind(value.codes, `${value.name} ${value.reason ?? ''} ${value.note ?? ''}`);
  }
  if (section === 'conditions' && 'uncertain' in value)
    return sensitiveKind(value.codes, `${value.name} ${value.note ?? ''}`);
  if (section === 'disabilities' && 'name' in value && 'codes' in value)
    return sensitiveKind(value.codes, value.name);
  if (section === 'implants' && 'mri' in value) return sensitiveKind(value.codes, value.kind);
  if (section === 'documents' && 'fileId' in value) return sensitiveKind([], value.title);
  return undefined;
}
