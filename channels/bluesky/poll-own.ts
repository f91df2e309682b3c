// What our own account wrote elsewhere, so that its answers stand in their threads: the newest records of its repository.
import { NotFetched } from '../connector.ts'
import { deliveryOf } from './bundle.ts'
import { MOST_OWN } from './cursor.ts'
import { asObject, asText, at, objectsOf } from './json.ts'
import type { Part, Reading } from './reading.ts'
import { standingOf } from './standing.ts'
import { POST, readAtUri } from './uri.ts'

const PAGE = 30

/**
 * What is missed now is found at the next look, while it is among the newest. Fails only where the server has no such repository
 * any more: then the account is switched off or gone, whatever others still answer in its name.
 */
export async function readOwn(
  known: readonly string[] | null,
  { access, session, now }: Reading,
): Promise<Part<readonly string[] | null>> {
  const answer = await access.call({
    method: 'com.atproto.repo.listRecords',
    params: { repo: session.did, collection: POST, limit: PAGE },
  })
  if (!answer.ok) {
    const fault = answer.error === 'RepoNotFound' ? (await standingOf(access)).fault : null
    if (fault !== null) throw new NotFetched('reauthorize', fault)
    return { state: known, deliveries: [], more: false }
  }
  const records = objectsOf(answer.body['records'], PAGE * 2).flatMap((one) => {
    const uri = asText(one['uri'])
    const name = readAtUri(uri)
    const record = asObject(one['value'])
    return uri !== null && name !== null && record !== null
      ? [{ uri, rkey: name.rkey, cid: asText(one['cid']) ?? '', record }]
      : []
  })
  const state = [...new Set([...records.map(({ rkey }) => rkey), ...(known ?? [])])].slice(0, MOST_OWN)
  const seen = new Set(known ?? [])
  const answers = records.filter(({ rkey, record }) => !seen.has(rkey) && at(record, 'reply') !== null)
  // Before the first look there is no new and no old; what belongs to threads of others comes with those.
  const fresh = known === null ? [] : answers.toReversed()
  return {
    state,
    deliveries: fresh.map(({ uri, cid, record }) =>
      deliveryOf({ kind: 'own', did: session.did, at: now.toISOString(), uri, cid, handle: session.handle, record }),
    ),
    more: false,
    watch: fresh.map(({ uri }) => uri).toReversed(),
  }
}
