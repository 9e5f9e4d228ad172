// Reads the generated element tables: what each R4 type is made of. A type is read when it is first asked for,
// so start-up costs nothing and memory only what is used. The notation is written by build/fhir-structures.ts.

import codeTables from './definitions/codes.json' with { type: 'json' };
import structureTables from './definitions/structures.json' with { type: 'json' };
import { primitiveChecks } from './primitives.ts';
import type { ProblemKey } from './problems.ts';
import type { JsonValue } from './types.ts';

export interface ElementRule {
  /** The property as it stands in JSON: `valueQuantity` for the choice `value[x]`. */
  readonly property: string;
  /** The element as FHIRPath names it: `value`. */
  readonly element: string;
  readonly many: boolean;
  /** Bit of this element among the structure's required ones, 0 if optional. */
  readonly requiredBit: number;
  /** Bit of the choice it belongs to, 0 if it belongs to none. */
  readonly choiceBit: number;
  readonly type: string;
  readonly primitive: ((value: JsonValue) => ProblemKey | undefined) | undefined;
  /** Codes of a required binding of a `code`. */
  readonly codes: ReadonlySet<string> | undefined;
  /** `system|code` of a required binding of a CodeableConcept. */
  readonly concepts: ReadonlySet<string> | undefined;
  /** Resource types that a Reference may name, if not all. */
  readonly targets: ReadonlySet<string> | undefined;
}

export interface Structure {
  /** `Observation`, `Observation.component`, `HumanName`. */
  readonly path: string;
  readonly isResource: boolean;
  readonly rules: ReadonlyMap<string, ElementRule>;
  /** Names of the required elements, in the order of their bits. */
  readonly required: readonly string[];
}

const tables: Readonly<Record<string, string>> = structureTables;
const codes: Readonly<Record<string, string>> = codeTables;
const structures = new Map<string, Structure>();
const codeSets = new Map<string, ReadonlySet<string>>();

const inherited: Readonly<Record<string, string>> = {
  E: 'id 01 string;extension 0* Extension',
  B: 'id 01 string;extension 0* Extension;modifierExtension 0* Extension',
  R: 'id 01 id;meta 01 Meta;implicitRules 01 uri;language 01 code',
  D: 'id 01 id;meta 01 Meta;implicitRules 01 uri;language 01 code;text 01 Narrative;contained 0* Resource;extension 0* Extension;modifierExtension 0* Extension',
};

const openTypes =
  'base64Binary,boolean,canonical,code,date,dateTime,decimal,id,instant,integer,markdown,oid,positiveInt,string,time,' +
  'unsignedInt,uri,url,uuid,Address,Age,Annotation,Attachment,CodeableConcept,Coding,ContactPoint,Count,Distance,' +
  'Duration,HumanName,Identifier,Money,Period,Quantity,Range,Ratio,Reference,SampledData,Signature,Timing,' +
  'ContactDetail,Contributor,DataRequirement,Expression,ParameterDefinition,RelatedArtifact,TriggerDefinition,' +
  'UsageContext,Dosage,Meta';

/** The structure of a type or of a backbone element (`Observation.component`); undefined if R4 has none of that name. */
export function findStructure(path: string): Structure | undefined {
  const known = structures.get(path);
  if (known !== undefined) return known;
  // Element itself is abstract in R4; it is what stands beside a primitive value as `_x`.
  const text = path === 'Element' ? 'E|' : Object.hasOwn(tables, path) ? tables[path] : undefined;
  if (text === undefined) return undefined;
  const structure = readStructure(path, text);
  structures.set(path, structure);
  return structure;
}

function readStructure(path: string, text: string): Structure {
  const kind = text.charAt(0);
  const rules = new Map<string, ElementRule>();
  const required: string[] = [];
  let choices = 0;
  const own = text.slice(2);
  for (const element of [inherited[kind], own]
    .filter((part) => part !== '')
    .join(';')
    .split(';')) {
    const [name = '', cardinality = '', typeText = '', binding] = element.split(' ');
    const choice = name.endsWith('[x]');
    const base = choice ? name.slice(0, -3) : name;
    const requiredBit = cardinality.startsWith('1') ? (1 << required.push(base)) >> 1 : 0;
    const choiceBit = choice ? 1 << choices : 0;
    if (choice) choices += 1;
    for (const type of (typeText === '*' ? openTypes : typeText).split(',')) {
      const plain = type.replace(/\(.*$/, '').replace(/^MoneyQuantity$/, 'Quantity');
      const shown = plain === 'SimpleQuantity' ? 'Quantity' : plain;
      const property = choice ? base + shown.charAt(0).toUpperCase() + shown.slice(1) : base;
      const bound = binding === undefined ? undefined : codeSet(binding.slice(1));
      rules.set(property, {
        property,
        element: base,
        many: cardinality.endsWith('*'),
        requiredBit,
        choiceBit,
        type: plain.startsWith('>') ? plain.slice(1) : plain,
        primitive: primitiveChecks[plain],
        codes: plain === 'code' ? bound : undefined,
        concepts: plain === 'CodeableConcept' ? bound : undefined,
        targets: targetSet(type),
      });
    }
  }
  return { path, isResource: kind === 'R' || kind === 'D', rules, required };
}

function targetSet(type: string): ReadonlySet<string> | undefined {
  const targets = /^Reference\((.*)\)$/.exec(type)?.[1];
  return targets === undefined ? undefined : new Set(targets.split('/'));
}

/** The codes of a required value set; undefined if it cannot be listed (MIME types). */
function codeSet(valueSet: string): ReadonlySet<string> | undefined {
  const known = codeSets.get(valueSet);
  if (known !== undefined) return known;
  const text = Object.hasOwn(codes, valueSet) ? codes[valueSet] : undefined;
  if (text === undefined) return undefined;
  const set = new Set(
    text.includes('|')
      ? text.split(';').flatMap((group) => {
          const [system = '', list = ''] = group.split('|');
          return list.split(' ').map((code) => `${system}|${code}`);
        })
      : text.split(' '),
  );
  codeSets.set(valueSet, set);
  return set;
}
