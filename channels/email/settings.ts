// What a mailbox needs to be set: flat, because a form is drawn from it. `readSettings` is the only reader; everything else in
// this folder works with what it gives.
import * as t from 'typebox'

const choice = <const V extends readonly string[]>(values: V, options: t.TSchemaOptions) =>
  t.Unsafe<V[number]>({ type: 'string', enum: values, ...options })

const ADDRESS = '^[^\\s@<>()\\[\\]\\\\,;:"]{1,64}@[^\\s@<>()\\[\\]\\\\,;:"]{1,253}$'
const HOST = '^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$'
const DAY = '^\\d{4}-\\d{2}-\\d{2}$'

const SECURITY = ['tls', 'starttls', 'none'] as const
export type Security = (typeof SECURITY)[number]
const SIGN_IN = ['password', 'google', 'microsoft', 'oauth'] as const
export type SignIn = (typeof SIGN_IN)[number]

const host = (title: string, description: string) =>
  t.Optional(t.String({ title, description, pattern: HOST, maxLength: 253 }))
const port = (title: string) => t.Optional(t.Integer({ title, minimum: 1, maximum: 65_535 }))
const security = (title: string) =>
  t.Optional(choice(SECURITY, { title, description: 'None only for a server in your own house.', default: 'tls' }))
const secret = (title: string, description?: string) =>
  t.Optional(t.String({ title, ...(description && { description }), format: 'password', maxLength: 4000 }))
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
        title: 'Other addresses of the same mailbox',
        maxItems: 50,
      }),
    ),
    receive: t.Optional(
      choice(['imap', 'smtp'], {
        title: 'How mail comes in',
        description: 'From your provider’s mailbox (imap), or straight to Rapport (smtp), which needs an MX record.',
        default: 'imap',
      }),
    ),
    signIn: t.Optional(
      choice(SIGN_IN, {
        title: 'How to sign in',
        description: 'A password, or an OAuth app at Google, Microsoft or elsewhere.',
        default: 'password',
      }),
    ),
    imapHost: host('IMAP server', 'Such as imap.example.com.'),
    imapPort: port('IMAP port'),
    imapSecurity: security('IMAP encryption'),
    imapUser: t.Optional(t.String({ title: 'IMAP user', description: 'Empty: the address.', maxLength: 254 })),
    imapPassword: secret('IMAP password'),
    inboxFolder: t.Optional(
      t.String({ title: 'Folder to read', description: 'Empty: INBOX.', maxLength: 200, pattern: '^[^\\r\\n\\0]+$' }),
    ),
    sentFolder: t.Optional(
      t.String({
        title: 'Folder of sent mail',
        description: 'Read so that answers written elsewhere appear. Empty: the one the server names.',
        maxLength: 200,
        pattern: '^[^\\r\\n\\0]+$',
      }),
    ),
    backfillFrom: t.Optional(
      t.String({
        title: 'Bring in mail since',
        description: 'A day such as 2026-01-31. Empty: only what arrives from now on.',
        pattern: DAY,
      }),
    ),
    trustedAuthserv: t.Optional(
      t.String({
        title: 'Who checks senders',
        description:
          'The name that your provider writes first into Authentication-Results, such as mx.google.com. Empty: nobody is believed.',
        maxLength: 253,
        pattern: '^[A-Za-z0-9._-]+$',
      }),
    ),
    mailHost: host('Name of this server', 'Where your MX record points when mail comes straight to Rapport.'),
    smtpHost: host('SMTP server', 'Such as smtp.example.com. Without it mail is read and not answered.'),
    smtpPort: port('SMTP port'),
    smtpSecurity: security('SMTP encryption'),
    smtpUser: t.Optional(t.String({ title: 'SMTP user', description: 'Empty: the address.', maxLength: 254 })),
    smtpPassword: secret('SMTP password', 'Empty: the IMAP password.'),
    smtpWithoutLogin: t.Optional(
      t.Boolean({ title: 'The SMTP server asks for no login', description: 'A relay in your own house.' }),
    ),
    oauthClientId: t.Optional(t.String({ title: 'OAuth client id', maxLength: 300 })),
    oauthClientSecret: secret('OAuth client secret'),
    oauthRefreshToken: secret('OAuth refresh token'),
    oauthUrl: t.Optional(
      t.String({
        title: 'OAuth address',
        description: 'Where access is renewed. Known for Google and Microsoft.',
        format: 'uri',
        pattern: '^https?://',
        maxLength: 500,
      }),
    ),
    signature: t.Optional(
      t.String({
        title: 'Signature',
        description: 'Below every answer. {agent} becomes the name of who wrote it.',
        maxLength: 2000,
      }),
    ),
    plusAddresses: t.Optional(
      t.Boolean({
        title: 'Answers may come to name+more@',
        description:
          'Lets Rapport recognise replies by a signed address. Most providers deliver such mail; always on when mail comes straight to Rapport.',
      }),
    ),
    appendToSent: t.Optional(
      t.Boolean({
        title: 'Put answers into the folder of sent mail',
        description: 'Only where the provider does not do so itself (Google and Microsoft do).',
      }),
    ),
    dkimSign: t.Optional(
      t.Boolean({
        title: 'Sign with DKIM',
        description: 'Only where the SMTP server does not sign by itself.',
      }),
    ),
    dkimDomain: t.Optional(
      t.String({ title: 'DKIM domain', description: 'Empty: that of the address.', maxLength: 253, pattern: HOST }),
    ),
    dkimSelector: t.Optional(
      t.String({ title: 'DKIM selector', maxLength: 63, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', default: 'rapport' }),
    ),
    sendsPerMinute: t.Optional(
      t.Integer({
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
  readonly dkim: { readonly domain: string; readonly selector: string; readonly sign: boolean; readonly key: string | null }
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
