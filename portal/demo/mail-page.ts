import { html, type SafeHtml } from '#platform/http/html'
import { page } from './layout.ts'

export interface Letter {
  /** The Message-ID. */
  readonly id: string
  /** Written by the airline. */
  readonly ours: boolean
  readonly from: string
  readonly name: string
  readonly to: string
  readonly replyTo: string | null
  readonly subject: string
  readonly text: string
  readonly at: Date
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
}

/** Letters in their order, at least one. */
export interface LetterThread {
  readonly key: string
  readonly letters: readonly Letter[]
}

export interface Guest {
  readonly name: string
  readonly address: string
}

const moment = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

const alert = (wrong: string | null) => (wrong === null ? '' : html`<p class="wrong" role="alert">${wrong}</p>`)
const fileField = html`<label>A file, if you like <input name="file" type="file" /></label>`

/** All mails by thread, the newest word first. `to` is null where the desk's mailbox was disconnected. */
export function mailPage(
  threads: readonly LetterThread[],
  guest: Guest,
  to: string | null,
  wrong: string | null = null,
): string {
  return page({
    title: 'Your mailbox',
    place: 'mail',
    main: html`<main>
      <h1>Your mailbox</h1>
      <p class="lead">
        Mail that leaves here goes by SMTP to the desk’s own door; what the desk answers comes back by SMTP. So do answers to the
        chat in the sample shop, if you left an address there and went away.
      </p>
      <ul class="threads" id="live" aria-live="polite" data-source="/demo/mail/list">
        ${threadRows(threads)}
      </ul>
      ${
        to === null
          ? html`<p class="quiet">The mailbox of the airline was disconnected in the desk.</p>`
          : html`<form method="post" action="/demo/mail" enctype="multipart/form-data">
              <h2>Write a mail to ${to}</h2>
              ${alert(wrong)}
              <label>Your name <input name="name" value="${guest.name}" required maxlength="60" autocomplete="name" /></label>
              <label
                >Your address
                <input name="address" type="email" value="${guest.address}" required maxlength="120" autocomplete="off"
              /></label>
              <label>Subject <input name="subject" required maxlength="140" /></label>
              <label>Your mail <textarea name="text" rows="6" required maxlength="8000"></textarea></label>
              ${fileField}
              <button type="submit">Send</button>
            </form>`
      }
    </main>`,
    scripts: html`<script defer src="/demo/mail-live.js"></script>`,
  })
}

export function threadRows(threads: readonly LetterThread[]): SafeHtml {
  if (threads.length === 0) return html`<li>Nothing here yet.</li>`
  return html`${threads.map(({ key, letters }) => {
    const last = letters.at(-1)!
    return html`<li>
      <a href="/demo/mail/${key}" dir="auto">${letters[0]!.subject || 'Without a subject'}</a>
      <span>${letters.length} ${letters.length === 1 ? 'mail' : 'mails'}, last from ${last.name}</span>
    </li>`
  })}`
}

/** The mails of a thread alone: what the page asks for while it is open. */
export function lettersOf({ letters }: LetterThread): SafeHtml {
  return html`${letters.map(
    ({ id, name, from, text, at, ours, files }) => html`<li class="${ours ? 'ours' : 'theirs'}">
      <p class="by">
        <strong dir="auto">${name}</strong> ${ours ? html`<em>${from}</em>` : ''}
        <time datetime="${at.toISOString()}">${moment.format(at)}</time>
      </p>
      <p class="text" dir="auto">${text}</p>
      ${files.map(
        (file, index) =>
          html`<p><a href="/demo/mail/file?letter=${encodeURIComponent(id)}&index=${index}" dir="auto">${file.name}</a></p>`,
      )}
    </li>`,
  )}`
}

export function lettersPage(thread: LetterThread, wrong: string | null = null): string {
  return page({
    title: thread.letters[0]!.subject || 'Without a subject',
    place: 'mail',
    main: html`<main>
      <p><a href="/demo/mail">All mails</a></p>
      <h1 dir="auto">${thread.letters[0]!.subject || 'Without a subject'}</h1>
      <ol class="posts" id="live" aria-live="polite" data-source="/demo/mail/${thread.key}/letters">
        ${lettersOf(thread)}
      </ol>
      <form method="post" action="/demo/mail/${thread.key}" enctype="multipart/form-data">
        <h2>Answer</h2>
        ${alert(wrong)}
        <label>Your mail <textarea name="text" rows="4" required maxlength="8000"></textarea></label>
        ${fileField}
        <button type="submit">Send</button>
      </form>
    </main>`,
    scripts: html`<script defer src="/demo/mail-live.js"></script>`,
  })
}
