// The forms that come with the server: every file in core/forms/shipped is one. Adding a form is adding a file.
import { readdir } from 'node:fs/promises';
import type { Form } from '../../core/forms/form.ts';

const folder = new URL('../../core/forms/shipped/', import.meta.url);

let loaded: Promise<ReadonlyMap<string, Form>> | undefined;

/** By id, in the order of their ids; read once. */
export function shippedForms(): Promise<ReadonlyMap<string, Form>> {
  return (loaded ??= load());
}

async function load(): Promise<ReadonlyMap<string, Form>> {
  const files = (await readdir(folder)).filter((name) => /^[a-z0-9-]+\.ts$/.test(name)).sort();
  const forms = await Promise.all(
    files.map(async (name) => {
      const { form } = (await import(new URL(name, folder).href)) as { form: Form };
      if (`${form.id}.ts` !== name) throw new Error(`the form ${form.id} stands in ${name}`);
      return form;
    }),
  );
  return new Map(forms.map((form) => [form.id, form]));
}
