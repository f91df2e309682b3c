// Numbers by which a message is found again: pieces of its sketch, and fingerprints of addresses and numbers that stand in it.
// Pure. A fingerprint can be compared and not read, and is of its workspace alone.
import { createHash } from 'node:crypto'
import { laneOf } from '#platform/jobs'
import { bandsOf, type DuplicateKey } from '../duplicates.ts'
import type { PersonalDataSpan } from '../personal-data/find.ts'

export type MarkKind = 'words' | 'email' | 'phone' | 'number'
export interface Mark {
  readonly kind: MarkKind
  /** Below 2^53, so that it survives as a number. */
  readonly mark: number
}

const KIND_OF: Readonly<Partial<Record<PersonalDataSpan['kind'], MarkKind>>> = {
  email: 'email',
  phone: 'phone',
  iban: 'number',
  id: 'number',
}
const PLACE: Readonly<Record<MarkKind, number>> = { words: 0, email: 1, phone: 2, number: 3 }
const MOST_IDENTIFIERS = 10
/** Half of a sketch's bands: two copies that share nine tenths meet in 99 of 100 cases, and a pile-on has many copies to meet. */
const BANDS_KEPT = 4

export interface Marked {
  readonly workspaceId: string
  readonly text: string
  readonly personal: readonly PersonalDataSpan[]
  /** The writer's own. */
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly sketch: DuplicateKey
}

export function marksOf({ workspaceId, text, personal, email, phone, sketch }: Marked): Mark[] {
  const identifiers = new Map<number, MarkKind>()
  const add = (kind: MarkKind, value: string): void => {
    const isAddress = kind === 'email' // an address, not a channel
    const plain = isAddress ? value.trim().toLowerCase() : value.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase()
    if (plain.length >= 6 && identifiers.size < MOST_IDENTIFIERS)
      identifiers.set(fingerprint(kind, `${workspaceId} ${kind === 'phone' ? plain.slice(-9) : plain}`), kind)
  }
  if (email) add('email', email)
  if (phone) add('phone', phone)
  for (const { kind, start, end } of personal) {
    const known = KIND_OF[kind]
    if (known) add(known, text.slice(start, end))
  }
  return [
    ...(sketch === ''
      ? []
      : bandsOf(sketch)
          .slice(0, BANDS_KEPT)
          .map((band): Mark => ({ kind: 'words', mark: laneOf(band, 2 ** 32) }))),
    ...[...identifiers].map(([mark, kind]): Mark => ({ kind, mark })),
  ]
}

/** 48 bits of a hash behind the kind. */
const fingerprint = (kind: MarkKind, value: string): number =>
  PLACE[kind] * 2 ** 48 + createHash('sha256').update(`${kind} ${value}`).digest().readUIntBE(0, 6)

export const kindOfMark = (mark: number): MarkKind =>
  (Object.keys(PLACE) as MarkKind[]).find((kind) => PLACE[kind] === Math.floor(mark / 2 ** 48)) ?? 'words'
