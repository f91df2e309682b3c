// Larkmoor Air, an airline that never flew: who works there, who answers to whom, where its customers speak. All invented.
import type { Role } from '#workspaces/contract'

export const AIRLINE = 'Larkmoor Air'
export const TIME_ZONE = 'Europe/Lisbon'

export interface CastMember {
  readonly key: string
  readonly name: string
  readonly role: Role
  readonly teams: readonly TeamKey[]
  readonly suspended?: boolean
}

export const teams = { care: 'Care', baggage: 'Baggage', press: 'Press desk' } as const
export type TeamKey = keyof typeof teams

/** None of them can sign in: they have no account, only a name. */
export const members: readonly CastMember[] = [
  { key: 'dagny', name: 'Dagny Ostrova', role: 'admin', teams: [] },
  { key: 'amara', name: 'Amara Nwosu-Klein', role: 'lead', teams: ['care', 'baggage'] },
  { key: 'nuria', name: 'Nuria Castellbó', role: 'agent', teams: ['care'] },
  { key: 'jonas', name: 'Jonas Wittkamp', role: 'agent', teams: ['care'] },
  { key: 'aylin', name: 'Aylin Karsu', role: 'agent', teams: ['care'] },
  { key: 'salma', name: 'Salma Benyoucef', role: 'agent', teams: ['care'] },
  { key: 'haruto', name: 'Haruto Minase', role: 'agent', teams: ['care'] },
  { key: 'priya', name: 'Priya Ramdassa', role: 'agent', teams: ['care', 'baggage'] },
  { key: 'liam', name: 'Liam Garrowby', role: 'agent', teams: ['baggage'] },
  { key: 'beatriz', name: 'Beatriz Falcato', role: 'agent', teams: ['baggage'] },
  { key: 'colette', name: 'Colette Aubraye', role: 'lead', teams: ['press'] },
  { key: 'anselm', name: 'Anselm Trauttner', role: 'viewer', teams: ['press'] },
  { key: 'gus', name: 'Gus Pellerine', role: 'agent', teams: ['care'], suspended: true },
]

export const labels = {
  complaint: ['Complaint', 'red'],
  refund: ['Refund', 'amber'],
  baggage: ['Lost baggage', 'blue'],
  praise: ['Praise', 'pine'],
  assistance: ['Special assistance', 'plum'],
  volcano: ['Volcano', 'red'],
  press: ['Press', 'plum'],
  booking: ['Booking', 'plain'],
  suggestion: ['Suggestion', 'pine'],
  spam: ['Spam', 'plain'],
  safety: ['Safety', 'red'],
} as const
export type LabelKey = keyof typeof labels

/** Mon–Fri 6–22 with a hand-over at noon, Saturdays and Sundays 8–13 and 15–20; minutes from midnight. */
export const hours = {
  name: 'Larkmoor care line',
  weekly: [
    ...Array.from({ length: 5 }, () => [
      { from: 360, to: 780 },
      { from: 795, to: 1320 },
    ]),
    ...Array.from({ length: 2 }, () => [
      { from: 480, to: 780 },
      { from: 900, to: 1200 },
    ]),
  ],
} as const

export interface Place {
  readonly name: string
  readonly channel: 'api' | 'webchat'
  readonly shape: 'line' | 'tree'
  readonly visibility: 'public' | 'private'
  readonly team: TeamKey | null
  readonly settings: Readonly<Record<string, unknown>>
  /** Whether answers can leave from here at all. */
  readonly answers: boolean
}

const place = (name: string, given: Partial<Place>): Place => ({
  name,
  channel: 'api',
  shape: 'line',
  visibility: 'private',
  team: null,
  settings: {},
  answers: true,
  ...given,
})

export const places = {
  chat: place('larkmoor.example chat', {
    channel: 'webchat',
    settings: { greeting: 'Larkmoor Air here. Where are you off to?', colour: '#1F4E79', prechat: 'optional' },
  }),
  murmur: place('Murmur, public posts', {
    shape: 'tree',
    visibility: 'public',
    settings: { shape: 'tree', textLimit: 280 },
  }),
  forum: place('Window Seat forum', { shape: 'tree', visibility: 'public', settings: { shape: 'tree' } }),
  fans: place('Contrails fan board', {
    shape: 'tree',
    visibility: 'public',
    team: 'press',
    settings: { shape: 'tree' },
  }),
  reviews: place('Windsock reviews', { visibility: 'public', settings: { textLimit: 2000 } }),
  sms: place('SMS gateway', { settings: { textLimit: 480, replyWindowHours: 72 } }),
  phone: place('Phone log', { answers: false }),
  baggage: place('Baggage desk forms', { team: 'baggage' }),
} as const satisfies Record<string, Place>
export type PlaceKey = keyof typeof places

export interface CastCustomer {
  readonly name: string
  readonly handle?: string
  readonly locale?: string
  readonly email?: string
  readonly phone?: string
  readonly reach?: number
  readonly kind?: 'journalist' | 'prospect' | 'partner' | 'regulator'
  readonly tags?: readonly string[]
  readonly note?: string
  readonly attributes?: Readonly<Record<string, string>>
}

/** Those who come back, or speak in several places: one customer with an identity in each. */
export const customers: Readonly<Record<string, CastCustomer>> = {
  mara: {
    name: 'Mara Lindqvist',
    handle: 'maraflieslow',
    locale: 'en',
    email: 'mara@lindqvist.example',
    phone: '+46 70 555 01 18',
    reach: 18400,
    tags: ['frequent flyer'],
    note: 'Prefers a call to a mail. Writes a column on rail and air travel: answer as you would anybody.',
    attributes: { 'Lark card': 'Silver', 'home airport': 'Gothenburg' },
  },
  teo: {
    name: 'Teo Okonjo-Reyes',
    handle: 'teo_strings',
    locale: 'en',
    email: 'teo@hollowbody.example',
    reach: 52300,
    tags: ['musician'],
    note: 'Cellist. His instrument has a name (Agnes). Use it.',
  },
  edda: {
    name: 'Edda Brunnhofer',
    locale: 'de',
    email: 'edda.brunnhofer@post.example',
    phone: '+43 660 555 2210',
    tags: ['wheelchair'],
    note: 'Electric chair, 74 kg, gel batteries. Papers are on file since spring; do not ask for them again.',
  },
  joaquim: {
    name: 'Joaquim Serrasqueiro',
    handle: 'quimserra',
    locale: 'pt',
    email: 'quim@serra.example',
    phone: '+351 91 555 0147',
    attributes: { 'Lark card': 'Gold', 'flights this year': '31' },
    tags: ['frequent flyer'],
  },
  ophelia: {
    name: 'Ophelia Marchetti-Bright',
    handle: 'ophelia_at_the_tribune',
    locale: 'en',
    email: 'ophelia@harbourtribune.example',
    kind: 'journalist',
    reach: 9100,
    note: 'Transport desk of the Harbour Tribune. Deadline is usually 17:00. Everything through Colette.',
  },
  hassan: {
    name: 'حسن العامري',
    locale: 'ar',
    phone: '+971 50 555 0190',
    email: 'hassan@alameri.example',
    note: 'Writes Arabic and English; answer in the language of his last message.',
  },
  yuki: { name: '三浦 ゆき', locale: 'ja', email: 'yuki@miura.example', tags: ['family'] },
  ravi: { name: 'रवि शेखावत', locale: 'hi', phone: '+91 98 5550 1177' },
  bert: {
    name: 'Bert Oosterling',
    handle: 'bert_never_again',
    locale: 'en',
    reach: 210,
    note: 'Twice warned for insults, then blocked by Amara. His refund was paid in full.',
  },
  wren: { name: 'Wren Adeyemi', handle: 'wrenwrites', locale: 'en', email: 'wren@adeyemi.example', reach: 640 },
  solveig: { name: 'Solveig Aamodt-Hay', handle: 'solveig_knits', locale: 'en', email: 'solveig@aamodt.example' },
  delphine: {
    name: 'Delphine Roquevert',
    locale: 'fr',
    email: 'delphine@roquevert.example',
    phone: '+33 6 55 50 14 20',
  },
  gil: { name: 'Gil Santamera', handle: 'gil_spots', locale: 'en', reach: 3300, tags: ['plane spotter'] },
}
