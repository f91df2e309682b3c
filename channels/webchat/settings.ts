// What the owner of a chat decides about it, and what the program made for it.
import * as t from 'typebox'

const choice = <const V extends readonly string[]>(values: V, options: t.TSchemaOptions) =>
  t.Unsafe<V[number]>({ type: 'string', enum: values, ...options })

export const webchatSettings = t.Object(
  {
    greeting: t.Optional(
      t.String({
        title: 'Greeting',
        description: 'The first thing a visitor reads. Empty: a plain hello in their language.',
        maxLength: 200,
      }),
    ),
    colour: t.Optional(
      t.String({
        title: 'Colour',
        description: 'Of the launcher and of the visitor’s words; made readable where it is not.',
        pattern: '^#[0-9a-fA-F]{6}$',
        default: '#0F6E5C',
      }),
    ),
    origins: t.Optional(
      t.Array(t.String({ pattern: '^(\\*|https?://[^/\\s?#]+)$', maxLength: 200 }), {
        title: 'Allowed sites',
        description: 'Pages that may show this chat, such as https://shop.example. A single * allows every page.',
        maxItems: 50,
        default: ['*'],
      }),
    ),
    prechat: t.Optional(
      choice(['none', 'optional', 'required'], {
        title: 'Ask for name and e-mail first',
        description: 'Before the first message of a visitor whom nobody vouches for.',
        default: 'none',
      }),
    ),
    showHours: t.Optional(t.Boolean({ title: 'Show service hours', default: true })),
    position: t.Optional(
      choice(['end', 'start'], {
        title: 'Corner',
        description: 'Where reading lines end, or where they start.',
        default: 'end',
      }),
    ),
    hideMark: t.Optional(t.Boolean({ title: 'Hide the Rapport mark', default: false })),
    identitySecret: t.Optional(
      t.String({
        title: 'Identity secret',
        description:
          'Your own server signs the ids of signed-in people with it. Made by Rapport; never put it into a page.',
        format: 'password',
        minLength: 32,
        maxLength: 200,
      }),
    ),
  },
  { additionalProperties: false },
)
export type WebchatSettings = t.Static<typeof webchatSettings>
