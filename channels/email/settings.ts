// What a mailbox needs to be set: flat, because a form is drawn from it. `readSettings` is the only reader; everything else in
// this folder works with what it gives.
import * as t from 'typebox'

/** One of several values, each with the words that a person chooses by. */
const choice = <const V extends Readonly<Record<string, string>>>(words: V, options: t.TSchemaOptions) =>
  t.Unsafe<keyof V & string>({
    type: 'string',
    anyOf: Object.entries(words).map(([value, title]) => ({ const: value, title })),
    ...options,
  })

// Browsers read patterns by the rules of the v flag: brackets, slashes and dashes in a class are escaped.
const ADDRESS = '^[^\\s@<>\\(\\)\\[\\]\\\\,;:"]{1,64}@[^\\s@<>\\(\\)\\[\\]\\\\,;:"]{1,253}$'
const HOST = '^[A-Za-z0-9]([A-Za-z0-9.:_\\-]{0,251}[A-Za-z0-9])?$'
const DAY = '^\\d{4}-\\d{2}-\\d{2}$'

const SECURITY = ['tls', 'starttls', 'none'] as const
export type Security = (typeof SECURITY)[number]
const SIGN_IN = ['password', 'google', 'microsoft', 'oauth'] as const
export type SignIn = (typeof SIGN_IN)[number]

const IN = { group: 'Mail that comes in', when: { receive: 'imap' } }
const IN_BY_PASSWORD = { ...IN, when: { receive: 'imap', signIn: 'password' } }
const OUT = { group: 'Mail that goes out' }
const OUT_WITH_LOGIN = { ...OUT, when: { smtpWithoutLogin: false } }
const OUT_BY_PASSWORD = { ...OUT, when: { smtpWithoutLogin: false, signIn: 'password' } }
const OAUTH = { group: 'Sign-in by OAuth', when: { signIn: ['google', 'microsoft', 'oauth'] } }
const MORE = { group: 'Folders, other addresses, trust', advanced: true }
const MORE_IMAP = { ...MORE, when: { receive: 'imap' } }
const SENDING = { group: 'DKIM and limits', advanced: true }

const host = (title: string, description: string, where: object) =>
  t.Optional(t.String({ title, description, pattern: HOST, maxLength: 253, ...where }))
const port = (where: object) =>
  t.Optional(t.Integer({ title: 'Port', description: 'Empty: the usual one.', minimum: 1, maximum: 65_535, ...where }))
const security = (where: object) =>
  t.Optional(
    choice(
      { tls: 'TLS from the start', starttls: 'STARTTLS', none: 'None' },
      { title: 'Encryption', default: 'tls', ...where },
    ),
  )
const secret = (title: string, where: object, description?: string) =>
  t.Optional(t.String({ title, ...(description && { description }), format: 'password', maxLength: 4000, ...where }))
/** Made by the program, and never asked of a person. */
const made = (title: string, description: string) =>
  t.Optional(t.String({ title, description, format: 'password', readOnly: true, maxLength: 4000 }))

export const emailSettings = t.Object(
  {
    address: t.String({
      title: 'Address',
      description: 'Customers write to it, and answers come from it.',
      format: 'email',
      pattern: ADDRESS,
      maxLength: 254,
    }),
    displayName: t.Optional(
      t.String({
        title: 'Name beside the address',
        description: 'Such as Acme Support. Empty: the address alone.',
        maxLength: 100,
      }),
    ),
    aliases: t.Optional(
      t.Array(t.String({ pattern: ADDRESS, maxLength: 254 }), {
        ...MORE,
        title: 'Other addresses of the same mailbox',
        maxItems: 50,
      }),
    ),
    receive: t.Optional(
      choice(
        { imap: 'Rapport reads a mailbox (IMAP)', smtp: 'Straight to Rapport, by an MX record' },
        { title: 'How mail comes in', default: 'imap' },
      ),
    ),
    signIn: t.Optional(
      choice(
        {
          password: 'A password',
          google: 'OAuth at Google',
          microsoft: 'OAuth at Microsoft',
          oauth: 'OAuth elsewhere',
        } satisfies Record<SignIn, string>,
        {
          title: 'How to sign in',
          description: 'Google and Microsoft take passwords only where the account has one made for programs.',
          default: 'password',
        },
      ),
    ),
    imapHost: host('IMAP server', 'Such as imap.example.com.', IN),
    imapPort: port(IN),
    imapSecurity: security(IN),
    imapUser: t.Optional(t.String({ title: 'User', description: 'Empty: the address.', maxLength: 254, ...IN })),
    imapPassword: secret('Password', IN_BY_PASSWORD),
    inboxFolder: t.Optional(
      t.String({
        ...MORE_IMAP,
        title: 'Folder to read',
        description: 'Empty: INBOX.',
        maxLength: 200,
        pattern: '^[^\\r\\n\\0]+$',
      }),
    ),
    sentFolder: t.Optional(
      t.String({
        ...MORE_IMAP,
        title: 'Folder of sent mail',
        description: 'Read so that answers written elsewhere appear. Empty: the one the server names.',
        maxLength: 200,
        pattern: '^[^\\r\\n\\0]+$',
      }),
    ),
    backfillFrom: t.Optional(
      t.String({
        ...MORE_IMAP,
        title: 'Bring in mail since',
        description: 'A day such as 2026-01-31. Empty: only what arrives from now on.',
        pattern: DAY,
      }),
    ),
    trustedAuthserv: t.Optional(
      t.String({
        ...MORE_IMAP,
        title: 'Who checks senders',
        description:
          'The name that your provider writes first into Authentication-Results, such as mx.google.com. Empty: nobody is believed.',
        maxLength: 253,
        pattern: '^[A-Za-z0-9._\\-]+$',
      }),
    ),
    mailHost: host('Name of this server', 'Where your MX record points, such as mail.example.com.', {
      ...IN,
      when: { receive: 'smtp' },
    }),
    smtpHost: host('SMTP server', 'Such as smtp.example.com. Without it mail is read and not answered.', OUT),
    smtpPort: port(OUT),
    smtpSecurity: security(OUT),
    smtpUser: t.Optional(
      t.String({ title: 'User', description: 'Empty: the address.', maxLength: 254, ...OUT_WITH_LOGIN }),
    ),
    smtpPassword: secret('Password', OUT_BY_PASSWORD, 'Empty: that of the mail that comes in.'),
    smtpWithoutLogin: t.Optional(
      t.Boolean({ title: 'It asks for no login', description: 'A relay in your own house.', ...OUT }),
    ),
    oauthClientId: t.Optional(t.String({ title: 'Client id', maxLength: 300, ...OAUTH })),
    oauthClientSecret: secret('Client secret', OAUTH),
    oauthRefreshToken: secret('Refresh token', OAUTH),
    oauthUrl: t.Optional(
      t.String({
        ...OAUTH,
        title: 'Address',
        description: 'Where access is renewed. Known for Google and Microsoft.',
        format: 'uri',
        pattern: '^https?://',
        maxLength: 500,
      }),
    ),
    signature: t.Optional(
      t.String({
        ...OUT,
        title: 'Signature',
        multiline: true,
        description: 'Below every answer. {agent} becomes the name of who wrote it.',
        maxLength: 2000,
      }),
    ),
    plusAddresses: t.Optional(
      t.Boolean({
        ...MORE_IMAP,
        title: 'Answers may come to name+more@',
        description:
          'Lets Rapport recognise replies by a signed address. Most providers deliver such mail; always on when mail comes straight to Rapport.',
      }),
    ),
    appendToSent: t.Optional(
      t.Boolean({
        ...MORE_IMAP,
        title: 'Put answers into the folder of sent mail',
        description: 'Only where the provider does not do so itself (Google and Microsoft do).',
      }),
    ),
    dkimSign: t.Optional(
      t.Boolean({
        ...SENDING,
        title: 'Sign with DKIM',
        description: 'Only where the SMTP server does not sign by itself.',
      }),
    ),
    dkimDomain: t.Optional(
      t.String({
        ...SENDING,
        title: 'DKIM domain',
        description: 'Empty: that of the address.',
        maxLength: 253,
        pattern: HOST,
      }),
    ),
    dkimSelector: t.Optional(
      t.String({
        ...SENDING,
        title: 'DKIM selector',
        maxLength: 63,
        pattern: '^[A-Za-z0-9][A-Za-z0-9._\\-]*$',
        default: 'rapport',
      }),
    ),
    sendsPerMinute: t.Optional(
      t.Integer({
        ...SENDING,
        title: 'Mails a minute',
        description: 'At most; the rest waits its turn.',
        minimum: 1,
        maximum: 6000,
        default: 60,
      }),
    ),
    replySecret: made('Secret of reply addresses', 'Made by Rapport. Signs the addresses that replies come back to.'),
    dkimPrivateKey: made('DKIM key', 'Made by Rapport. Its public half goes into your DNS.'),
  },
  { additionalProperties: false },
)
export type EmailSettings = t.Static<typeof emailSettings>

/** A server to talk to; `user` is never empty. */
export interface Server {
  readonly host: string
  readonly port: number
  readonly security: Security
  readonly user: string
  readonly password: string | null
}

export interface OAuth {
  readonly preset: Exclude<SignIn, 'password'>
  readonly clientId: string
  readonly clientSecret: string | null
  readonly refreshToken: string
  readonly url: string
}

/** The settings with every default in its place; what is not set, or set oddly, is null. */
export interface Mailbox {
  readonly address: string
  readonly domain: string
  readonly displayName: string
  /** The address and its aliases, lower case. */
  readonly ownAddresses: readonly string[]
  readonly receive: 'imap' | 'smtp'
  readonly mailHost: string | null
  readonly imap: Server | null
  readonly smtp: (Server & { readonly withoutLogin: boolean }) | null
  readonly signIn: SignIn
  readonly oauth: OAuth | null
  readonly inboxFolder: string
  readonly sentFolder: string | null
  readonly backfillFrom: Date | null
  readonly trustedAuthserv: string | null
  readonly signature: string
  readonly signedReplies: boolean
  readonly appendToSent: boolean
  readonly dkim: {
    readonly domain: string
    readonly selector: string
    readonly sign: boolean
    readonly key: string | null
  }
  readonly replySecret: string | null
}

export const TOKEN_URLS = {
  google: 'https://oauth2.googleapis.com/token',
  microsoft: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
} as const

/** Never throws: settings may be of an older version. */
export function readMailbox(
  settings: Readonly<Record<string, unknown>>,
  credentials: Readonly<Record<string, string>>,
): Mailbox {
  const text = (name: string): string => (typeof settings[name] === 'string' ? settings[name].trim() : '')
  const number = (name: string): number | null => (Number.isInteger(settings[name]) ? (settings[name] as number) : null)
  const one = <const V extends readonly string[]>(name: string, values: V): V[number] =>
    values.includes(text(name)) ? text(name) : values[0]!
  const address = text('address').toLowerCase()
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const server = (kind: 'imap' | 'smtp', ports: Record<Security, number>): Server | null => {
    const host = text(`${kind}Host`).toLowerCase()
    if (host === '') return null
    const security = one(`${kind}Security`, SECURITY)
    return {
      host,
      port: number(`${kind}Port`) ?? ports[security],
      security,
      user: text(`${kind}User`) || address,
      password: credentials[`${kind}Password`] || credentials['imapPassword'] || null,
    }
  }
  const smtp = server('smtp', { tls: 465, starttls: 587, none: 25 })
  const receive = one('receive', ['imap', 'smtp'])
  const signIn = one('signIn', SIGN_IN)
  const dayFrom = DAY_EXPRESSION.test(text('backfillFrom')) ? new Date(`${text('backfillFrom')}T00:00:00Z`) : null
  return {
    address,
    domain,
    displayName: text('displayName'),
    ownAddresses: [address, ...listOf(settings['aliases'])].filter((one) => one.includes('@')),
    receive,
    mailHost: text('mailHost').toLowerCase() || null,
    imap: server('imap', { tls: 993, starttls: 143, none: 143 }),
    smtp: smtp && { ...smtp, withoutLogin: settings['smtpWithoutLogin'] === true },
    signIn,
    oauth: signIn === 'password' ? null : oauthOf(signIn, text, credentials),
    inboxFolder: text('inboxFolder') || 'INBOX',
    sentFolder: text('sentFolder') || null,
    backfillFrom: dayFrom !== null && !Number.isNaN(dayFrom.getTime()) ? dayFrom : null,
    trustedAuthserv: text('trustedAuthserv').toLowerCase() || null,
    signature: typeof settings['signature'] === 'string' ? settings['signature'] : '',
    signedReplies: receive === 'smtp' || settings['plusAddresses'] === true,
    appendToSent: settings['appendToSent'] === true,
    dkim: {
      domain: text('dkimDomain').toLowerCase() || domain,
      selector: text('dkimSelector') || 'rapport',
      sign: settings['dkimSign'] === true,
      key: credentials['dkimPrivateKey'] || null,
    },
    replySecret: credentials['replySecret'] || null,
  }
}

const DAY_EXPRESSION = new RegExp(DAY)

function listOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.filter((one) => typeof one === 'string').map((one) => one.trim().toLowerCase())
}

function oauthOf(
  preset: OAuth['preset'],
  text: (name: string) => string,
  credentials: Readonly<Record<string, string>>,
): OAuth | null {
  const url = text('oauthUrl') || (preset === 'oauth' ? '' : TOKEN_URLS[preset])
  const refreshToken = credentials['oauthRefreshToken'] ?? ''
  const clientId = text('oauthClientId')
  if (url === '' || refreshToken === '' || clientId === '') return null
  return { preset, clientId, clientSecret: credentials['oauthClientSecret'] || null, refreshToken, url }
}
