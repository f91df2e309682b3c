import * as t from 'typebox'
import { Id, IdParams, Moment, events, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'

/** Kinds of public; they decide who answers, not how well. */
export const customerKinds = [
  'customer',
  'prospect',
  'journalist',
  'investor',
  'partner',
  'supplier',
  'regulator',
  'employee',
] as const
export const CustomerKind = oneOf(customerKinds)

/** Somebody on one channel: what that place says of them, and why they are believed to be this customer. */
export const Identity = t.Object(
  {
    id: Id,
    channel: t.String(),
    scope: t.String(),
    externalId: t.String(),
    handle: nullable(t.String()),
    name: nullable(t.String()),
    /** Their picture as it is kept here; null where there is none. */
    picture: nullable(t.String()),
    /** What they called themselves before, oldest first. */
    formerHandles: t.Array(t.String()),
    /** Since when their account is no more. */
    goneAt: nullable(Moment),
    /** As whom they go on, where the account moved. */
    movedTo: nullable(t.String()),
    profileUrl: nullable(t.String()),
    evidence: t.String(),
    verified: t.Boolean(),
    isBot: t.Boolean(),
    reach: nullable(t.Integer()),
    firstSeenAt: Moment,
    lastSeenAt: Moment,
  },
  { $id: 'Identity' },
)
export type Identity = t.Static<typeof Identity>

/** What a row of the list shows. `name` is the desk's, else what they call themselves somewhere, else null. */
export const CustomerSummary = t.Object(
  {
    id: Id,
    name: nullable(t.String()),
    kind: CustomerKind,
    locale: nullable(t.String()),
    channels: t.Array(t.String()),
    tags: t.Array(t.String()),
    blocked: t.Boolean(),
    firstSeenAt: Moment,
    lastSeenAt: Moment,
  },
  { $id: 'CustomerSummary' },
)
export type CustomerSummary = t.Static<typeof CustomerSummary>

export const Attribute = t.Union([t.String({ maxLength: 2000 }), t.Number(), t.Boolean()])
export type Attribute = t.Static<typeof Attribute>

export const Customer = t.Object(
  {
    ...CustomerSummary.properties,
    timeZone: nullable(t.String()),
    attributes: t.Record(t.String(), t.Unknown()),
    blockedAt: nullable(Moment),
    blockedReason: nullable(t.String()),
    identities: t.Array(Identity),
    noteCount: t.Integer(),
  },
  { $id: 'Customer' },
)
export type Customer = t.Static<typeof Customer>

export const CustomerNote = t.Object(
  { id: Id, authorId: nullable(Id), body: t.String(), createdAt: Moment },
  { $id: 'CustomerNote' },
)
export type CustomerNote = t.Static<typeof CustomerNote>

const Name = t.String({ minLength: 1, maxLength: 512 })
const Locale = t.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 })
const TimeZone = t.String({ minLength: 1, maxLength: 60 })
/** At most 50 in all, names of at most 64 characters; null takes one away. */
const Attributes = t.Record(t.String(), nullable(Attribute))
const Tags = t.Array(t.String({ minLength: 1, maxLength: 40 }), { minItems: 1, maxItems: 20 })
const OfNote = t.Object({ id: Id, noteId: Id })

export const customerRoutes = routes({
  searchCustomers: {
    method: 'GET',
    path: '/customers',
    summary: 'Find customers by name, handle, address or number; without `q` all, last seen first',
    access: 'customers.read',
    query: t.Object({
      ...paging,
      q: t.Optional(t.String({ maxLength: 200 })),
      tag: t.Optional(t.String({ maxLength: 40 })),
    }),
    reply: pageOf(CustomerSummary),
  },
  listCustomerTags: {
    method: 'GET',
    path: '/customers/tags',
    summary: 'Tags in use, the most used first',
    access: 'customers.read',
    reply: t.Object({ items: t.Array(t.Object({ tag: t.String(), count: t.Integer() })) }),
  },
  getCustomer: {
    method: 'GET',
    path: '/customers/:id',
    summary: 'One customer with every identity and why it is believed',
    access: 'customers.read',
    params: IdParams,
    reply: Customer,
  },
  createCustomer: {
    method: 'POST',
    path: '/customers',
    summary: 'Enter a customer by hand',
    access: 'customers.edit',
    body: t.Object({
      name: Name,
      kind: t.Optional(CustomerKind),
      locale: t.Optional(nullable(Locale)),
      timeZone: t.Optional(nullable(TimeZone)),
      attributes: t.Optional(Attributes),
      tags: t.Optional(Tags),
    }),
    reply: Customer,
    problems: ['customers.too_many_attributes', 'customers.bad_attribute', 'customers.no_such_time_zone'],
  },
  changeCustomer: {
    method: 'PATCH',
    path: '/customers/:id',
    summary: 'Change what the desk knows; an attribute left out stays as it is',
    access: 'customers.edit',
    params: IdParams,
    body: t.Object({
      name: t.Optional(nullable(Name)),
      kind: t.Optional(CustomerKind),
      locale: t.Optional(nullable(Locale)),
      timeZone: t.Optional(nullable(TimeZone)),
      attributes: t.Optional(Attributes),
    }),
    reply: Customer,
    problems: ['customers.too_many_attributes', 'customers.bad_attribute', 'customers.no_such_time_zone'],
  },
  addTags: {
    method: 'POST',
    path: '/customers/:id/tags',
    summary: 'Put tags on a customer',
    access: 'customers.edit',
    params: IdParams,
    body: t.Object({ tags: Tags }),
    reply: Customer,
    problems: ['customers.too_many_tags', 'customers.bad_tag'],
  },
  removeTags: {
    method: 'POST',
    path: '/customers/:id/tags/remove',
    summary: 'Take tags off a customer',
    access: 'customers.edit',
    params: IdParams,
    body: t.Object({ tags: Tags }),
    reply: Customer,
  },
  blockCustomer: {
    method: 'POST',
    path: '/customers/:id/block',
    summary: 'Stop what this customer writes from reaching the desk, with the reason on record',
    access: 'customers.block',
    params: IdParams,
    body: t.Object({ reason: t.String({ minLength: 3, maxLength: 500 }) }),
    reply: Customer,
  },
  unblockCustomer: {
    method: 'POST',
    path: '/customers/:id/unblock',
    summary: 'Let them through again',
    access: 'customers.block',
    params: IdParams,
    reply: Customer,
  },
  listCustomerNotes: {
    method: 'GET',
    path: '/customers/:id/notes',
    summary: 'What colleagues noted about a customer, newest first',
    access: 'customers.read',
    params: IdParams,
    query: t.Object({ ...paging }),
    reply: pageOf(CustomerNote),
  },
  writeCustomerNote: {
    method: 'POST',
    path: '/customers/:id/notes',
    summary: 'Note something for colleagues',
    access: 'customers.edit',
    params: IdParams,
    body: t.Object({ body: t.String({ minLength: 1, maxLength: 10_000 }) }),
    reply: CustomerNote,
    problems: ['customers.empty_note'],
  },
  readPicture: {
    method: 'GET',
    path: '/identities/:id/picture',
    summary: 'Somebody’s profile picture, small, as it is kept here',
    access: 'customers.read',
    params: IdParams,
    query: t.Object({ v: t.Optional(t.String({ maxLength: 64 })) }),
    raw: 'file',
    problems: ['files.gone'],
  },
  removeCustomerNote: {
    method: 'DELETE',
    path: '/customers/:id/notes/:noteId',
    summary: 'Take a note away',
    access: 'customers.edit',
    params: OfNote,
  },
})

const Of = t.Object({ customerId: Id, changed: t.Array(t.String()) })
const OfNoteEvent = t.Object({ customerId: Id, noteId: Id })
const stale = [['customers'], ['customer', '$customerId']] as const
const notes = [
  ['customer', '$customerId'],
  ['customer-notes', '$customerId'],
] as const

export const customerEvents = events({
  'customers.entered': { summary: 'A customer was entered by hand', data: Of, stale },
  'customers.changed': { summary: 'What the desk knows of them changed', data: Of, stale },
  'customers.tagged': { summary: 'Tags were put on or taken off', data: Of, stale: [...stale, ['customer-tags']] },
  'customers.blocked': { summary: 'What they write reaches the desk no more', data: Of, stale },
  'customers.unblocked': { summary: 'They get through again', data: Of, stale },
  'customers.picture_changed': {
    summary: 'Their picture is here, or another one',
    data: t.Object({ customerId: Id }),
    stale: [...stale, ['conversations'], ['messages']],
  },
  'customers.note_written': { summary: 'A colleague noted something about them', data: OfNoteEvent, stale: notes },
  'customers.note_removed': { summary: 'A note was taken away', data: OfNoteEvent, stale: notes },
})
