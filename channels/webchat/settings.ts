// What the owner of a chat decides about it, and what the program made for it.
import * as t from 'typebox'

/** One of several values, each with the words that a person chooses by. */
const choice = <const V extends Readonly<Record<string, string>>>(words: V, options: t.TSchemaOptions) =>
  t.Unsafe<keyof V & string>({
    type: 'string',
    anyOf: Object.entries(words).map(([value, title]) => ({ const: value, title })),
    ...options,
  })

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
      choice(
        { none: 'Do not ask', optional: 'Ask, and let them skip it', required: 'Ask, and wait for both' },
        {
          title: 'Ask for name and e-mail first',
          description: 'Before the first message of a visitor whom nobody vouches for.',
          default: 'none',
        },
      ),
    ),
    continueBy: t.Optional(
      t.String({
        title: 'Go on by mail through',
        description:
          'Answers that a visitor who left an e-mail address does not come back to read go there, and what they reply comes back into the chat. Empty: answers wait in the chat.',
        pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
        connectionThat: 'carriesOn',
      }),
    ),
    continueAfter: t.Optional(
      t.Integer({
        title: 'Seconds until a mail goes',
        description: 'So long an answer waits for the visitor to read it here; all that wait by then go together.',
        minimum: 5,
        maximum: 86_400,
        default: 120,
        needs: 'continueBy',
      }),
    ),
    showHours: t.Optional(t.Boolean({ title: 'Show service hours', default: true })),
    position: t.Optional(
      choice(
        { end: 'Bottom right', start: 'Bottom left' },
        {
          title: 'Corner of the page',
          description: 'The other way round on pages that are read from right to left.',
          default: 'end',
        },
      ),
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
