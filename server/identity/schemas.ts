// Shapes of request bodies: they validate, and the API description is made from them. Rules with a message of their own are in the handlers.

/** Largest body of any route of this room: a long name, login and password, every character escaped. */
export const identityBodyLimit = 16 * 1024;

export const loginSchema = {
  type: 'string',
  maxLength: 320,
  description: 'E-mail address, or phone number with country code.',
} as const;
/** 1024 so that a password that is too long is told so in words; see password-rules.ts for what holds. */
export const newPasswordSchema = {
  type: 'string',
  maxLength: 1024,
  description: '8 to 256 characters.',
} as const;
export const passwordSchema = { type: 'string', minLength: 1, maxLength: 256 } as const;
export const nameSchema = {
  type: 'string',
  maxLength: 1000,
  description: 'At most 200 characters, in any script.',
} as const;
export const languages = ['en', 'hi'] as const;

export const passkeyLabelSchema = {
  type: 'string',
  maxLength: 60,
  description: 'What its owner calls it: "my phone".',
} as const;

/** An object with exactly these members, all needed unless named in `optional`. */
export function bodySchema<T extends Record<string, object>>(
  properties: T,
  optional: readonly (keyof T & string)[] = [],
) {
  return {
    body: {
      type: 'object',
      additionalProperties: false,
      required: Object.keys(properties).filter((name) => !optional.includes(name)),
      properties,
    },
  };
}
