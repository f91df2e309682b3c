import type { Actor } from '#platform/actor'
import { implement } from '#platform/contract/implement'
import type { Database } from '#platform/db/database'
import { Problem } from '#platform/contract/problem'
import { servingHeaders } from '#platform/files/serving'
import type { FileStore } from '#platform/files/store'
import { customerRoutes } from '../contract.ts'
import { blockCustomer, changeCustomer, createCustomer, unblockCustomer } from './customers.ts'
import { getCustomer, searchCustomers } from './lists.ts'
import { findPicture } from './pictures.ts'
import { listNotes, removeNote, writeNote } from './notes.ts'
import { addTags, listCustomerTags, removeTags } from './tags.ts'

export const customersPlugin = ({ db, files }: { readonly db: Database; readonly files: FileStore }) => {
  const show = (actor: Actor, id: string) => db.read(actor, (tx) => getCustomer(tx, actor, id))

  return implement(customerRoutes)({
    searchCustomers: ({ query }, { actor }) => db.read(actor, (tx) => searchCustomers(tx, actor, query)),
    listCustomerTags: async (_, { actor }) => ({ items: await db.read(actor, (tx) => listCustomerTags(tx, actor)) }),
    getCustomer: ({ params: { id } }, { actor }) => show(actor, id),
    createCustomer: async ({ body }, { actor }) =>
      show(actor, await db.write(actor, (tx) => createCustomer(tx, actor, body))),
    changeCustomer: async ({ params: { id }, body }, { actor }) => {
      await db.write(actor, (tx) => changeCustomer(tx, actor, id, body))
      return show(actor, id)
    },
    addTags: async ({ params: { id }, body: { tags } }, { actor }) => {
      await db.write(actor, (tx) => addTags(tx, actor, id, tags))
      return show(actor, id)
    },
    removeTags: async ({ params: { id }, body: { tags } }, { actor }) => {
      await db.write(actor, (tx) => removeTags(tx, actor, id, tags))
      return show(actor, id)
    },
    blockCustomer: async ({ params: { id }, body: { reason } }, { actor }) => {
      await db.write(actor, (tx) => blockCustomer(tx, actor, id, reason))
      return show(actor, id)
    },
    unblockCustomer: async ({ params: { id } }, { actor }) => {
      await db.write(actor, (tx) => unblockCustomer(tx, actor, id))
      return show(actor, id)
    },
    readPicture: async ({ params: { id } }, { actor, reply }) => {
      const sha256 = await db.read(actor, (tx) => findPicture(tx, actor, id))
      const stream = await files.get(sha256)
      if (!stream) throw new Problem(404, 'files.gone', 'The picture itself is not in the store any more.')
      const bytes = Buffer.concat((await Array.fromAsync(stream)) as Uint8Array[])
      const served = { sha256, size: bytes.length, type: 'image/webp', name: 'picture.webp', reencoded: true }
      return reply.headers(servingHeaders(served)).send(bytes)
    },
    listCustomerNotes: ({ params: { id }, query }, { actor }) =>
      db.read(actor, (tx) => listNotes(tx, actor, id, query)),
    writeCustomerNote: ({ params: { id }, body: { body } }, { actor }) =>
      db.write(actor, (tx) => writeNote(tx, actor, id, body)),
    removeCustomerNote: ({ params: { id, noteId } }, { actor }) =>
      db.write(actor, (tx) => removeNote(tx, actor, id, noteId)),
  })
}
