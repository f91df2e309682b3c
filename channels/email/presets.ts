// Providers whose servers are known: found by where a domain's mail goes, and by their servers' names.

export interface Preset {
  readonly name: string
  /** Of the mail exchangers. */
  readonly mx: RegExp
  readonly settings: Readonly<Record<string, unknown>>
  /** What a sender's SPF record names for them. */
  readonly spf: string
  /** Domains of theirs whose DNS no customer can change. */
  readonly ownDomains: readonly string[]
}

const server = (kind: 'imap' | 'smtp', host: string, port: number, security: 'tls' | 'starttls') => ({
  [`${kind}Host`]: host,
  [`${kind}Port`]: port,
  [`${kind}Security`]: security,
})

export const PRESETS: readonly Preset[] = [
  {
    name: 'Google',
    mx: /(?:^|\.)(?:google|googlemail)\.com$/,
    settings: {
      ...server('imap', 'imap.gmail.com', 993, 'tls'),
      ...server('smtp', 'smtp.gmail.com', 465, 'tls'),
      signIn: 'password',
      trustedAuthserv: 'mx.google.com',
      plusAddresses: true,
    },
    spf: 'include:_spf.google.com',
    ownDomains: ['gmail.com', 'googlemail.com'],
  },
  {
    name: 'Microsoft',
    mx: /(?:^|\.)(?:outlook\.com|hotmail\.com)$/,
    settings: {
      ...server('imap', 'outlook.office365.com', 993, 'tls'),
      ...server('smtp', 'smtp.office365.com', 587, 'starttls'),
      signIn: 'microsoft',
      trustedAuthserv: 'outlook.com',
      plusAddresses: true,
    },
    spf: 'include:spf.protection.outlook.com',
    ownDomains: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com'],
  },
  {
    name: 'iCloud',
    mx: /(?:^|\.)mail\.icloud\.com$/,
    settings: {
      ...server('imap', 'imap.mail.me.com', 993, 'tls'),
      ...server('smtp', 'smtp.mail.me.com', 587, 'starttls'),
      signIn: 'password',
      plusAddresses: true,
    },
    spf: 'include:icloud.com',
    ownDomains: ['icloud.com', 'me.com', 'mac.com'],
  },
  {
    name: 'Yahoo',
    mx: /(?:^|\.)yahoodns\.net$/,
    settings: {
      ...server('imap', 'imap.mail.yahoo.com', 993, 'tls'),
      ...server('smtp', 'smtp.mail.yahoo.com', 465, 'tls'),
      signIn: 'password',
    },
    spf: 'include:_spf.mail.yahoo.com',
    ownDomains: ['yahoo.com', 'ymail.com', 'aol.com'],
  },
  {
    name: 'Fastmail',
    mx: /(?:^|\.)messagingengine\.com$/,
    settings: {
      ...server('imap', 'imap.fastmail.com', 993, 'tls'),
      ...server('smtp', 'smtp.fastmail.com', 465, 'tls'),
      signIn: 'password',
      plusAddresses: true,
    },
    spf: 'include:spf.messagingengine.com',
    ownDomains: ['fastmail.com', 'fastmail.fm'],
  },
]
