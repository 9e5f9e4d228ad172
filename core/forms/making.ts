// What the extraction of every form needs: whose record, when, what it came from, and how resources of one extraction name each other.
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import type { Code } from '../record/facts.ts';
import { concept } from '../record/write-elements.ts';
import type { Answer, Filled } from './answers.ts';
import type { Field, Form } from './form.ts';
import { codingOfField, codingOfOption } from './questionnaire.ts';

export interface Extracted {
  readonly fullUrl: string;
  readonly resource: Resource;
}

export interface Making {
  readonly form: Form;
  readonly patientId: string;
  /** A FHIR instant: now. */
  readonly now: string;
  /** When it was answered: a date or time. */
  readonly authored: string;
  /** The response itself, as a reference. */
  readonly response: string;
  /** Adds a resource; gives back by what the others refer to it. */
  add(resource: Resource): string;
  /** What earlier groups left for later ones: the visit, the policy. */
  readonly left: Map<string, string>;
}

/** Who asks for one part of a filled group. */
export class Parts {
  readonly #filled: Filled;
  constructor(filled: Filled) {
    this.#filled = filled;
  }

  field(as: string): Field | undefined {
    return this.#filled.group.fields.find((field) => field.as === as);
  }

  all(as: string): readonly Answer[] {
    return this.#filled.group.fields
      .filter((field) => field.as === as)
      .flatMap(({ id }) => this.#filled.answers.get(id) ?? []);
  }

  texts(as: string): string[] {
    return this.all(as).flatMap((one) => (one.kind === 'text' ? [one.text] : []));
  }

  /** Its words, be it written or chosen. */
  words(as: string): string | undefined {
    const [first] = this.all(as);
    return first?.kind === 'text' ? first.text : first?.kind === 'option' ? first.option.words[0] : undefined;
  }

  option(as: string): string | undefined {
    const [first] = this.all(as);
    return first?.kind === 'option' ? first.option.id : undefined;
  }

  date(as: string): string | undefined {
    const [first] = this.all(as);
    return first?.kind === 'date' ? first.date : undefined;
  }

  flag(as: string): boolean | undefined {
    const [first] = this.all(as);
    return first?.kind === 'flag' ? first.flag : undefined;
  }

  number(as: string): JsonValue | undefined {
    const [first] = this.all(as);
    return first?.kind === 'number' ? first.written : undefined;
  }

  files(as: string): JsonObject[] {
    return this.all(as).flatMap((one) => (one.kind === 'file' ? [one.attachment] : []));
  }
}

export const subjectOf = ({ patientId }: Making): JsonObject => ({ reference: `Patient/${patientId}` });

/** A choice as it is stored: its code, its words. */
export function conceptOfAnswer(answer: Answer): JsonObject {
  if (answer.kind === 'option')
    return { coding: [codingOfOption(answer.option)], text: answer.option.words[0] };
  return { text: answer.kind === 'text' ? answer.text : '' };
}

export function conceptOfField(form: Form, field: Field): JsonObject {
  return { coding: [codingOfField(form, field)], text: field.words[0] };
}

/** Elements that have something to say. */
export function said(elements: { readonly [key: string]: JsonValue | undefined }): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(elements)) if (value !== undefined) out[key] = value;
  return out;
}

export const codings = (text: string, ...codes: Code[]): JsonObject => concept(text, codes);

/** A document of each file. @param type what kind of paper it is */
export function addDocuments(
  making: Making,
  files: readonly JsonObject[],
  type: JsonObject,
  more: { encounter?: string; on?: string } = {},
): string[] {
  return files.map((attachment) =>
    making.add({
      resourceType: 'DocumentReference',
      status: 'current',
      type,
      subject: subjectOf(making),
      date: making.now,
      content: [{ attachment }],
      ...(more.encounter || more.on
        ? {
            context: said({
              encounter: more.encounter ? [{ reference: more.encounter }] : undefined,
              period: more.on ? { start: more.on } : undefined,
            }),
          }
        : {}),
    }),
  );
}
