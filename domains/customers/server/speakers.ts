// Who speaks, as it is told here and as it is known here. It says again most of what a channel says of an author, on purpose:
// customers stand below the channels' callers and know no channel (domains.ts), and intake, which knows both, would not compile
// with an author whose fields don't fit.
import type { CustomerTables } from './tables.ts'

export interface Speaker {
  readonly channel: string
  readonly externalId: string
  readonly scope?: string
  readonly handle?: string
  readonly name?: string
  readonly email?: string
  readonly phone?: string
  readonly avatarUrl?: string
  readonly profileUrl?: string
  readonly locale?: string
  readonly reach?: number
  readonly isBot?: boolean
  readonly verified?: boolean
  readonly attributes?: Readonly<Record<string, string>>
  /** Their account is no more. */
  readonly gone?: boolean
  /** As whom they go on from now on; has to be among the speakers too. */
  readonly movedTo?: Pick<Speaker, 'channel' | 'scope' | 'externalId'>
  readonly at: Date
}

export interface KnownSpeaker {
  readonly identityId: string
  readonly customerId: string
  readonly customerName: string | null
  readonly blocked: boolean
}

export type Tables = Pick<CustomerTables, 'customers' | 'identities' | 'identityPictures'>
export interface Found extends KnownSpeaker {
  readonly key: string
  readonly identityName: string | null
  readonly handle: string | null
  readonly avatarUrl: string | null
  readonly profileUrl: string | null
  readonly isBot: boolean
  readonly reach: number | null
  readonly goneAt: Date | null
  readonly movedToId: string | null
  readonly verified: boolean
  readonly attributeNames: readonly string[]
  readonly lastSeenAt: Date
}

export const speakerKey = ({
  channel,
  scope = '',
  externalId,
}: Pick<Speaker, 'channel' | 'scope' | 'externalId'>): string => `${channel}\u0000${scope}\u0000${externalId}`

/** Evidence of an identity whose address or name was proven elsewhere. */
export const VOUCHED = 'vouched for by the place where they signed in'

/** Their facts, with what they can be reached by. */
export const attributesOf = ({ email, phone, attributes }: Speaker): Record<string, string> => ({
  ...attributes,
  ...(email && { email }),
  ...(phone && { phone }),
})

/** What they are found by. */
export const wordsOf = (speaker: Speaker): unknown[] => [
  speaker.name,
  speaker.handle,
  speaker.externalId,
  ...Object.values(attributesOf(speaker)),
]
