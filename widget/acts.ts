// What few visitors do, in a part of its own.
import { saveAs } from './save.ts'
import type { Contact, Core, Identity } from './session.ts'
import { applyPage, emptyThread } from './thread.ts'

export async function contact({ known, token, call, set }: Core, given: Contact): Promise<void> {
  known(given)
  if (token()) set({ visit: await call('saveContact', { body: given }) })
}

/** The page says who is signed in. Somebody else's thread does not stay in sight. */
export async function identify({ identity, token, forget, drop, startVisit }: Core, given: Identity): Promise<void> {
  identity(given)
  const userId = token()?.userId
  if (userId === given.userId) return
  if (userId) {
    forget()
    drop(() => true)
  }
  await startVisit()
}

export async function older({ call, state, set }: Core): Promise<void> {
  const page = await call('listVisitMessages', { query: { after: state().thread.next ?? '' } })
  set({ thread: applyPage(state().thread, page) })
}

export async function startAgain({ call, set, drop, restart }: Core): Promise<void> {
  const visit = await call('startLine')
  drop((item) => item.state === 'accepted')
  set({ visit, thread: emptyThread })
  restart()
}

export async function saveTranscript({ call }: Core): Promise<void> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const response = await call.raw('/transcript', { timeZone })
  saveAs(await response.blob(), 'conversation.txt')
}

/** Forgets the visitor, here and on the server: for pages where somebody signs out. */
export async function shutdown({ call, token, forget, drop, end }: Core): Promise<void> {
  end()
  // The request carries the token already: the page may be left before it is answered, and must not know the visitor then.
  const ending = token() ? call('endVisit') : null
  drop(() => true)
  forget()
  await ending?.catch(() => {})
}
